import { defineAlarm } from '../../../../sandbox/cloudwatch/definition.ts';
import { type AlarmInput, Stage, TOPIC } from './stage.ts';

// "Alarm evaluation": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
// "Alarm actions": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-actions.html
// "PutMetricAlarm": https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html

const settings: AlarmInput = {
  AlarmName: 'one',
  Namespace: 'n',
  MetricName: 'disk',
  Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
  Statistic: 'Average',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 3,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: [TOPIC],
  OKActions: [TOPIC],
};

/** Puts one datapoint for each minute from 10:00 on. */
async function withMinutes(values: readonly number[], more: object): Promise<Stage> {
  const stage = new Stage('2026-11-23T10:00:00Z');
  await stage.putAlarm({ ...settings, ...more });
  for (const [minute, value] of values.entries())
    stage.put(`2026-11-23T10:${String(minute).padStart(2, '0')}:00Z`, value);
  return stage;
}

describe('"Alarm evaluation settings"', () => {
  // "the alarm threshold for a metric alarm is set to 3 units. Both Evaluation Period and Datapoints to Alarm are 3. [...]
  // this happens in the third through fifth time periods. At period six, the value dips below the threshold [...] the
  // alarm state changes back to OK. During the ninth time period, the threshold is breached again, but for only 1 period."
  test('the figure: ALARM at the end of the third breaching period, OK with the dip, OK through a single breach', async () => {
    const stage = await withMinutes([4, 5, 4, 4, 4, 2, 2, 2, 4, 1], { EvaluationPeriods: 3 });
    const states: (string | undefined)[] = [];
    for (let minute = 1; minute <= 10; minute += 1) {
      await stage.evaluateAt(`2026-11-23T10:${String(minute).padStart(2, '0')}:10Z`);
      states.push(stage.stateOf('one'));
    }
    expect(states.slice(2)).toEqual(['ALARM', 'ALARM', 'ALARM', 'OK', 'OK', 'OK', 'OK', 'OK']);
  });

  // "The breaching data points don't have to be consecutive, but they must all be within the last number of data points
  // equal to Evaluation Period"; "if you configure 4 out of 5 data points with a period of 1 minute, the evaluation
  // interval is 5 minutes"
  test.each([
    [[4, 1, 4, 4, 4], 'ALARM'],
    [[4, 1, 4, 1, 4], 'OK'],
    [[4, 4, 4, 4, 1, 1], 'OK'],
    [[4, 1, 1, 4, 4, 4], 'OK'],
  ])('4 out of 5 of %j is %s', async (values, state) => {
    const stage = await withMinutes(values, { EvaluationPeriods: 5, DatapointsToAlarm: 4 });
    await stage.evaluateAt(`2026-11-23T10:0${values.length}:10Z`);
    expect(stage.stateOf('one')).toBe(state);
  });

  test.each([
    [[4, 1, 4, 1, 4], 'ALARM'],
    [[4, 1, 1, 1, 4], 'OK'],
  ])('3 out of 5 of %j is %s', async (values, state) => {
    const stage = await withMinutes(values, { EvaluationPeriods: 5, DatapointsToAlarm: 3 });
    await stage.evaluateAt('2026-11-23T10:05:10Z');
    expect(stage.stateOf('one')).toBe(state);
  });

  // "if the Period is 5 minutes (300 seconds) and Evaluation Periods is 1, then at the end of minute 5 the alarm evaluates
  // based on data from minutes 1 to 5. Then at the end of minute 6, [...] the data from minutes 2 to 6"
  test('a period of 5 minutes slides by the minute', async () => {
    const stage = await withMinutes([9, 0, 0, 0, 0, 9, 9], { Period: 300, Statistic: 'Sum', Threshold: 10 });
    await stage.evaluateAt('2026-11-23T10:05:10Z');
    expect(stage.stateOf('one')).toBe('OK');
    await stage.evaluateAt('2026-11-23T10:06:10Z');
    expect(stage.stateOf('one')).toBe('OK');
    await stage.evaluateAt('2026-11-23T10:07:10Z');
    expect(stage.stateOf('one')).toBe('ALARM');
  });

  // "If data points are missing soon after you create an alarm, and the metric was being reported to CloudWatch before you
  // created the alarm, CloudWatch retrieves the most recent data points from before the alarm was created"
  test('a new alarm looks at what was there before it', async () => {
    const stage = new Stage('2026-11-23T10:00:00Z');
    stage.put('2026-11-23T09:57:30Z', 4);
    await stage.putAlarm(settings);
    expect(stage.stateOf('one')).toBe('INSUFFICIENT_DATA');
    await stage.evaluateAt('2026-11-23T10:00:10Z');
    expect(stage.stateOf('one')).toBe('ALARM');
  });
});

// "If the number of evaluation periods multiplied by the length of each evaluation period exceeds one day, [...] CloudWatch
// takes into account only the metrics up to the current hour at the :00 minute"; its example is a job that fails at 10:02
describe('"Example of evaluating a multi-day alarm"', () => {
  test('at 10:03 only data up to 10:00 count, at 11:03 those up to 11:00', async () => {
    const stage = new Stage('2026-11-23T10:00:00Z');
    await stage.putAlarm({
      ...settings,
      Period: 86_400,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 1,
      Statistic: 'Maximum',
    });
    for (const day of ['20', '21', '22']) stage.put(`2026-11-${day}T10:00:00Z`, 1);
    stage.put('2026-11-23T10:02:00Z', 4);
    await stage.evaluateAt('2026-11-23T10:03:10Z');
    expect(stage.stateOf('one')).toBe('OK');
    await stage.evaluateAt('2026-11-23T11:03:10Z');
    expect(stage.stateOf('one')).toBe('ALARM');
  });
});

describe('what PutMetricAlarm allows', () => {
  const limited = (more: object) => () => defineAlarm({ ...settings, ...more });

  // "Valid values are 10, 20, 30, and any multiple of 60."
  test.each([0, 15, 45, 90])('not a period of %d s', (Period) => {
    expect(limited({ Period })).toThrow(
      `alarm one: a period of ${Period} s, allowed are 10, 20, 30 and multiples of 60`,
    );
  });

  // "Period multiplied by EvaluationPeriods can't be more than 604,800 seconds. For alarms with a period of less than one
  // hour (3,600 seconds), the total evaluation period can't be longer than one day (86,400 seconds)."
  test.each([
    [{ Period: 86_400, EvaluationPeriods: 7 }, undefined],
    [{ Period: 86_400, EvaluationPeriods: 8 }, 'it looks back 691200 s, allowed are 604800'],
    [{ Period: 60, EvaluationPeriods: 1440 }, undefined],
    [{ Period: 60, EvaluationPeriods: 1441 }, 'it looks back 86460 s, allowed are 86400'],
  ])('%j', (more, problem) => {
    if (problem === undefined) expect(limited(more)).not.toThrow();
    else expect(limited(more)).toThrow(`alarm one: ${problem}`);
  });

  // "A Metrics Insights alarm can evaluate a time range of no more than 3 hours (Period multiplied by Evaluation Periods)"
  // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation-window.html
  test('a query of 3 hours, and none of more', () => {
    const query = { Id: 'q', Expression: 'SELECT MAX(disk) FROM n', Period: 3600 };
    const { AlarmName, Threshold, ComparisonOperator } = settings;
    const alarm = { AlarmName, Threshold, ComparisonOperator, Metrics: [query] };
    expect(() => defineAlarm({ ...alarm, EvaluationPeriods: 3 })).not.toThrow();
    expect(() => defineAlarm({ ...alarm, EvaluationPeriods: 4 })).toThrow(
      'alarm one: it looks back 14400 s, a Metrics Insights query allows 10800',
    );
  });
});

describe('"Alarm actions"', () => {
  // "the actions happen only on state transitions, and are not performed again if the condition persists"
  test('a state that lasts acts once', async () => {
    const stage = await withMinutes([4, 4, 1, 1], {});
    expect(await stage.evaluateAt('2026-11-23T10:01:10Z')).toEqual(['SNS alarm ALARM', 'EventBridge alarm ALARM']);
    expect(await stage.evaluateAt('2026-11-23T10:02:10Z')).toEqual([]);
    expect(await stage.evaluateAt('2026-11-23T10:03:10Z')).toEqual(['SNS alarm OK', 'EventBridge alarm OK']);
    expect(await stage.evaluateAt('2026-11-23T10:04:10Z')).toEqual([]);
  });

  // "When you update an existing alarm, its state is left unchanged" (PutMetricAlarm)
  test('an update leaves the state, and the next evaluation goes by the new settings', async () => {
    const stage = await withMinutes([4, 4], {});
    await stage.evaluateAt('2026-11-23T10:01:10Z');
    await stage.putAlarm({ ...settings, Threshold: 5 });
    expect(stage.stateOf('one')).toBe('ALARM');
    expect(await stage.evaluateAt('2026-11-23T10:02:10Z')).toEqual(['SNS alarm OK', 'EventBridge alarm OK']);
  });

  // "If you don't specify Unit, CloudWatch retrieves all unit types"; "an incorrect unit that is not published for this
  // metric [...] causes the alarm to be stuck in the INSUFFICIENT DATA state" (PutMetricAlarm)
  test.each([
    [undefined, 'ALARM'],
    ['None', 'ALARM'],
    ['Percent', 'INSUFFICIENT_DATA'],
  ])('data without a unit and an alarm of unit %s: %s', async (Unit, state) => {
    const stage = await withMinutes([4], Unit === undefined ? {} : { Unit });
    await stage.evaluateAt('2026-11-23T10:01:10Z');
    expect(stage.stateOf('one')).toBe(state);
  });
});
