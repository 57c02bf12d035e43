import { type AlarmInput, OPENER, Stage, TOPIC } from './stage.ts';

// "Missing Data in CloudWatch Metrics Insights alarms", last section of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
// "Acting on alarm changes": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Acting_Alarm_Changes.html
// "Alarm actions": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
// "Alarm events and EventBridge": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html

const T = (minute: number, second = 30): string =>
  `2026-11-23T10:${String(minute).padStart(2, '0')}:${String(second).padStart(2, '0')}Z`;

const fleet: AlarmInput = {
  AlarmName: 'fleet',
  Metrics: [{ Id: 'q', Expression: 'SELECT MAX(disk) FROM SCHEMA("n", InstanceId) GROUP BY InstanceId', Period: 60 }],
  EvaluationPeriods: 1,
  Threshold: 90,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  AlarmActions: [OPENER, TOPIC],
  OKActions: [OPENER],
  InsufficientDataActions: [TOPIC],
};

async function staged(more: Partial<AlarmInput> = {}): Promise<Stage> {
  const stage = new Stage(T(0, 0));
  await stage.putAlarm({ ...fleet, ...more });
  return stage;
}

const reasonOf = (stage: Stage, instanceId?: string): string | undefined => {
  const known = stage.alarms.stateOf('fleet');
  if (instanceId === undefined) return known?.state.reason;
  return [...(known?.contributors.values() ?? [])].find(({ attributes }) => attributes['InstanceId'] === instanceId)
    ?.state.reason;
};

describe('"If a time series is not retrieved by the query anymore"', () => {
  // "it will transition to OK no matter the treat missing data treatment"; "Alarm actions associated with the OK transition
  // at the contributor level are executed"
  test.each(['missing', 'ignore', 'breaching', 'notBreaching'])('it is OK, and acts so, with %s', async (treatment) => {
    const stage = await staged({ TreatMissingData: treatment });
    stage.put(T(0), 95);
    stage.put(T(0), 10, 'i-2');
    await stage.evaluateAt(T(1, 10));
    stage.put(T(3), 10, 'i-2');
    expect(await stage.evaluateAt(T(4, 10))).toEqual(['Lambda i-1 OK', 'EventBridge i-1 OK', 'EventBridge alarm OK']);
  });

  // "the StateReason specifies that the aforementioned contributor was not found with the message [...]"
  test('its reason says that no data was returned', async () => {
    const stage = await staged();
    stage.put(T(0), 95);
    await stage.evaluateAt(T(1, 10));
    stage.details();
    await stage.evaluateAt(T(9, 10));
    expect(stage.details()[0]?.state).toMatchObject({
      value: 'OK',
      reason: 'No data was returned for this contributor',
    });
  });

  // "The state of the alarm will depend on the state of the other contributors that were retrieved by the query."
  test.each([
    [95, 'ALARM'],
    [10, 'OK'],
  ])('the alarm follows the others: one at %d, and it is %s', async (other, state) => {
    const stage = await staged();
    stage.put(T(0), 95);
    stage.put(T(0), other, 'i-2');
    await stage.evaluateAt(T(1, 10));
    stage.put(T(3), other, 'i-2');
    await stage.evaluateAt(T(4, 10));
    expect(stage.stateOf('fleet')).toBe(state);
  });
});

// "if the query returns an empty result (no time series at all), the treat missing data treatment is applied. For example,
// if the treat missing data was set as BREACHING, the alarm will transition to ALARM."
describe('"At alarm level, if the query returns an empty result"', () => {
  test.each([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['missing', 'INSUFFICIENT_DATA'],
    ['ignore', 'ALARM'],
  ])('%s: the alarm, which was in ALARM, is %s', async (treatment, state) => {
    const stage = await staged({ TreatMissingData: treatment });
    stage.put(T(0), 95);
    await stage.evaluateAt(T(1, 10));
    await stage.evaluateAt(T(9, 10));
    expect(stage.stateOf('fleet')).toBe(state);
  });

  test('a query that never matched anything is green with notBreaching, and red with breaching', async () => {
    for (const [treatment, state] of [
      ['notBreaching', 'OK'],
      ['breaching', 'ALARM'],
    ] as const) {
      const stage = await staged({ TreatMissingData: treatment });
      await stage.evaluateAt(T(1, 10));
      expect(stage.stateOf('fleet')).toBe(state);
    }
  });

  // "Lambda function invocation: Contributor Level", "SNS notifications: Contributor Level" ("Alarm actions", its table)
  test('nobody is invoked and no topic told, for there is no contributor: EventBridge alone hears of it', async () => {
    const stage = await staged({ TreatMissingData: 'breaching' });
    expect(await stage.evaluateAt(T(1, 10))).toEqual(['EventBridge alarm ALARM']);
  });
});

describe('one time series of several', () => {
  // "the treat missing data treatment is applied for individual datapoints within the time series. For example, if 3
  // datapoints were queried for the time series but only 1 was received, 2 datapoints would follow the configured missing
  // data configuration."
  test.each([
    ['breaching', 'ALARM'],
    ['notBreaching', 'OK'],
    ['missing', 'OK'],
  ])('1 good datapoint of 3, 2 of 3 needed, missing ones %s: %s', async (treatment, state) => {
    const stage = await staged({ EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: treatment });
    stage.put(T(4), 10);
    await stage.evaluateAt(T(5, 10));
    expect(stage.stateOf('fleet')).toBe(state);
  });

  // "each time series (contributor) can only be in ALARM or OK state, never in INSUFFICIENT_DATA state"
  test('is never INSUFFICIENT_DATA, whatever is missing of it', async () => {
    for (const TreatMissingData of ['missing', 'ignore', 'breaching', 'notBreaching']) {
      const stage = await staged({ EvaluationPeriods: 3, TreatMissingData });
      stage.put(T(2), 95);
      for (let minute = 1; minute <= 9; minute += 1) {
        await stage.evaluateAt(T(minute, 10));
        const states = [...(stage.alarms.stateOf('fleet')?.contributors.values() ?? [])].map(
          ({ state }) => state.value,
        );
        expect(states).not.toContain('INSUFFICIENT_DATA');
      }
    }
  });

  // "the actions happen only on state transitions"; "Lambda function invocation: Contributor Level"
  test('acts when it changes, by itself, whatever the alarm as a whole does', async () => {
    const stage = await staged();
    stage.put(T(0), 95);
    expect(await stage.evaluateAt(T(1, 10))).toEqual([
      'Lambda i-1 ALARM',
      'SNS i-1 ALARM',
      'EventBridge i-1 ALARM',
      'EventBridge alarm ALARM',
    ]);
    stage.put(T(1), 95);
    stage.put(T(1), 96, 'i-2');
    expect(await stage.evaluateAt(T(2, 10))).toEqual(['Lambda i-2 ALARM', 'SNS i-2 ALARM', 'EventBridge i-2 ALARM']);
    stage.put(T(2), 97);
    stage.put(T(2), 97, 'i-2');
    expect(await stage.evaluateAt(T(3, 10))).toEqual([]);
  });
});

describe('reasons', () => {
  // "Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent datapoint which crossed the
  // threshold: [0.0 (01/12/25 13:34:00)]." (a contributor's example in both documents)
  test("a contributor's names the datapoint that crossed", async () => {
    const stage = await staged({ Threshold: 1, ComparisonOperator: 'LessThanThreshold' });
    stage.put(T(0), 0);
    await stage.evaluateAt(T(1, 10));
    expect(reasonOf(stage, 'i-1')).toBe(
      'Threshold Crossed: 1 datapoint was less than the threshold (1.0). The most recent datapoint which crossed the threshold: [0.0 (23/11/26 10:00:00)].',
    );
  });

  // "Alarm State change events have a summary of the number of contributors": "6 out of 6 time series evaluated to ALARM"
  test("the alarm's counts the contributors, and names none", async () => {
    const stage = await staged();
    for (const [place, value] of [95, 95, 10].entries()) stage.put(T(0), value, `i-${place}`);
    await stage.evaluateAt(T(1, 10));
    expect(reasonOf(stage)).toBe('2 out of 3 time series evaluated to ALARM');
  });

  // "Multi-time series Metrics Insights alarms provide a simplified state reason for each contributor, without the detailed
  // state reason data block." ("Alarm actions")
  test('neither carries reason data', async () => {
    const stage = await staged();
    stage.put(T(0), 95);
    await stage.evaluateAt(T(1, 10));
    const details = stage.details();
    expect(details).toHaveLength(2);
    expect(JSON.stringify(details)).not.toContain('reasonData');
  });
});
