import { initialState } from '../../../../sandbox/cloudwatch/alarm-state.ts';
import { defineAlarm } from '../../../../sandbox/cloudwatch/definition.ts';
import { evaluateAlarm } from '../../../../sandbox/cloudwatch/evaluate-alarm.ts';
import { type AlarmStateValue, TREATMENTS } from '../../../../sandbox/cloudwatch/evaluate.ts';
import { MetricStore } from '../../../../sandbox/cloudwatch/store.ts';

// "Configuring how CloudWatch alarms treat missing data":
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
// Rows are quoted as they stand there: oldest first, 0 is within the threshold, X breaches, - is missing.

const NOW = Date.parse('2026-11-23T10:00:00Z');
const PERIOD_SECONDS = 300;
const STATES: readonly AlarmStateValue[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

type Expected = AlarmStateValue | 'retained';

/** The state that an alarm of 5-minute periods comes to from `current`, with the row's data as its last periods. */
function stateAfter(row: string, settings: object, current: AlarmStateValue): AlarmStateValue {
  const store = new MetricStore();
  const points = row.split(' ');
  for (const [index, point] of points.entries()) {
    const value = { X: 99, '0': 1 }[point];
    if (value === undefined) continue;
    const atMillis = NOW - (points.length - index) * PERIOD_SECONDS * 1000;
    store.put({ namespace: 'n', metric: 'm', dimensions: {}, atMillis, count: 1, sum: value, min: value, max: value });
  }
  const alarm = defineAlarm({
    AlarmName: 'documented',
    Namespace: 'n',
    MetricName: 'm',
    Statistic: 'Average',
    Period: PERIOD_SECONDS,
    EvaluationPeriods: 3,
    Threshold: 50,
    ComparisonOperator: 'GreaterThanThreshold',
    ...settings,
  });
  const known = { ...initialState(0), state: { value: current, reason: '', sinceMillis: 0 } };
  return evaluateAlarm(alarm, store, known, NOW).next.state.value;
}

/** One table row: the state for each treatment, whichever state the alarm was in. */
function expectRow(row: string, DatapointsToAlarm: number, expected: readonly Expected[]): void {
  for (const current of STATES) {
    const states = TREATMENTS.map((TreatMissingData) =>
      stateAfter(row, { DatapointsToAlarm, TreatMissingData }, current),
    );
    expect(states).toEqual(expected.map((state) => (state === 'retained' ? current : state)));
  }
}

describe('the table of an alarm whose Datapoints to Alarm and Evaluation Periods are both 3', () => {
  // columns: MISSING, IGNORE, BREACHING, NOT BREACHING
  test.each<[string, Expected[]]>([
    ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    ['- - - - -', ['INSUFFICIENT_DATA', 'retained', 'ALARM', 'OK']],
    ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['- - X - -', ['ALARM', 'retained', 'ALARM', 'OK']],
  ])('row %s', (row, expected) => expectRow(row, 3, expected));
});

describe('the table of a 2 out of 3, M out of N alarm', () => {
  test.each<[string, Expected[]]>([
    ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    ['- - - X -', ['ALARM', 'retained', 'ALARM', 'OK']],
  ])('row %s', (row, expected) => expectRow(row, 2, expected));
});

describe('"Avoiding premature transitions to alarm state"', () => {
  // "the alarm does not go immediately into ALARM state when the data is either - - - - X or - - - X -
  // and Datapoints to Alarm is 3"
  test.each(['- - - - X', '- - - X -'])('%s is too young for 3 out of 3', (row) =>
    expectRow(row, 3, ['retained', 'retained', 'ALARM', 'OK']),
  );

  // "false positives are avoided when the next data point is non-breaching"
  test.each(['- - - X 0', '- - X - 0'])('%s, the next datapoint being good, is no alarm', (row) =>
    expectRow(row, 3, ['OK', 'OK', 'OK', 'OK']),
  );

  // "If the oldest breaching data point during the evaluation range is at least as old as the value of Datapoints to
  // Alarm, and all of the more recent data points are either breaching or missing, the alarm goes into ALARM state"
  test.each(['- X - - -', '- X X - -', 'X - - X -'])('%s is old enough for 3 out of 3', (row) => {
    expect(stateAfter(row, { DatapointsToAlarm: 3 }, 'OK')).toBe('ALARM');
  });
});

describe('"How alarm state is evaluated when data is missing"', () => {
  test('without missing data, only as many of the newest datapoints count as Evaluation Periods says', () => {
    expectRow('X X X 0 X', 3, ['OK', 'OK', 'OK', 'OK']);
    expectRow('0 0 X X X', 3, ['ALARM', 'ALARM', 'ALARM', 'ALARM']);
  });

  // "the total number of existing data points [...] is equal to or more than the alarm's Evaluation Periods": the newest
  // real ones, "including the necessary extra data points from farther back [...] how to treat missing data is not needed"
  test('with enough real datapoints in the evaluation range, missing ones are passed over', () => {
    expectRow('X X - X -', 3, ['ALARM', 'ALARM', 'ALARM', 'ALARM']);
    expectRow('X 0 - X -', 3, ['OK', 'OK', 'OK', 'OK']);
  });

  // "all real data points in the evaluation range are included in the evaluation. CloudWatch uses missing data points only
  // as few times as possible."
  test('with too few real datapoints, those that are there may suffice', () => {
    expectRow('- - X X -', 2, ['ALARM', 'ALARM', 'ALARM', 'ALARM']);
    expectRow('- - 0 0 -', 2, ['OK', 'OK', 'OK', 'OK']);
  });

  // second row of the first table, one evaluation later: "if the data is still missing it will go to ALARM, as that
  // non-breaching data point will no longer be in the evaluation range"
  test('the evaluation range is 5 datapoints: the good one before them no longer counts', () => {
    expect(stateAfter('0 - - - -', { TreatMissingData: 'breaching' }, 'OK')).toBe('OK');
    expect(stateAfter('0 - - - - -', { TreatMissingData: 'breaching' }, 'OK')).toBe('ALARM');
  });

  test('"The default behavior is missing"', () => {
    expect(stateAfter('- - - - -', {}, 'OK')).toBe('INSUFFICIENT_DATA');
  });

  // "Alarms that evaluate metrics in the AWS/DynamoDB namespace default to ignore missing data"
  test('an alarm on a DynamoDB metric ignores missing data', () => {
    expect(stateAfter('- - - - -', { Namespace: 'AWS/DynamoDB' }, 'ALARM')).toBe('ALARM');
  });

  // "CloudWatch alarms might repeatedly re-evaluate the last set of data points for a period of time after the metric has
  // stopped flowing. This re-evaluation might cause the alarm to change state and re-execute actions"
  test('after the metric stopped, the last datapoints are evaluated again, and the state may change', () => {
    const settings = { DatapointsToAlarm: 2, TreatMissingData: 'breaching' };
    expect(stateAfter('0 0 0 X 0', settings, 'OK')).toBe('OK');
    expect(stateAfter('0 0 X 0 -', settings, 'OK')).toBe('OK');
    expect(stateAfter('0 X 0 - -', settings, 'OK')).toBe('OK');
    expect(stateAfter('X 0 - - -', settings, 'OK')).toBe('ALARM');
  });
});
