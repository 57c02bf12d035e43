import { defineAlarm } from '../../../../sandbox/cloudwatch/definition.ts';
import { parseMath } from '../../../../sandbox/cloudwatch/math/parse-math.ts';
import { runMath } from '../../../../sandbox/cloudwatch/math/run-math.ts';
import type { Series } from '../../../../sandbox/cloudwatch/math/values.ts';
import { Stage, TOPIC } from './stage.ts';

// "Math expressions with metrics": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
// "PutMetricAlarm", its example "Metric Math Function Alarm":
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
// "Limits": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-limits.html

/** Values of `m1`, `m2` and so on, `-` for missing. */
function run(expression: string, ...metrics: string[]): Series {
  const series = metrics.map((values, index): [string, Series] => [
    `m${index + 1}`,
    values.split(' ').map((value) => (value === '-' ? undefined : Number(value))),
  ]);
  const expressions = new Map([['watched', parseMath(expression)]]);
  return runMath('watched', { metrics: new Map(series), expressions });
}

describe('"Basic arithmetic functions"', () => {
  test.each([
    ['5 * m1', ['1 2 3'], [5, 10, 15]],
    ['m1 - m2', ['5 5 5', '1 2 3'], [4, 3, 2]],
    ['m1 + m2 * 2', ['1 1', '10 20'], [21, 41]],
    ['(m1 + m2) * 2', ['1 1', '10 20'], [22, 42]],
    ['m1 + 1', ['0 -'], [1, undefined]],
    ['-m1', ['1 2'], [-1, -2]],
    ['2 ^ m1 ^ 2', ['1 2'], [2, 16]],
    ['SUM(-[m1, m2])', ['1 2', '3 4'], [-4, -6]],
    ['SUM(100/[m1, m2])', ['10 20', '50 100'], [12, 6]],
    ['SUM(METRICS()*100)', ['1 2', '3 4'], [400, 600]],
  ])('%s of %j', (expression, metrics, values) => {
    expect(run(expression, ...metrics)).toEqual(values);
  });

  // "Missing values in a time series are treated as 0."
  test('what one of two lacks is 0; where both lack, there is no datapoint', () => {
    expect(run('m1 + m2', '1 - -', '10 20 -')).toEqual([11, 20, undefined]);
  });

  // "attempt to divide by zero, the data point is dropped"
  test('what is divided by zero is dropped', () => {
    expect(run('m1 / m2', '1 1 1', '0 2 -')).toEqual([undefined, 0.5, undefined]);
  });
});

describe('"Functions supported for metric math"', () => {
  test.each([
    // "SUM(METRICS()) returns a time series (TS) that is the sum of the values"
    ['SUM(METRICS())', ['1 2 -', '3 - -'], [4, 2, undefined]],
    // AVG: "Missing values are treated as 0."
    ['AVG(METRICS())', ['1 2 -', '3 - -'], [2, 1, undefined]],
    ['MAX([m1, m2])', ['1 2', '3 -'], [3, 2]],
    ['MIN([m1, m2])', ['1 2', '3 -'], [1, 2]],
    // FILL: "a value to use as the filler value", "REPEAT [...] the most recent actual value [...] before the missing value"
    ['FILL(m1, 0)', ['- 2 -'], [0, 2, 0]],
    ['FILL(m1, -1)', ['- 2 -'], [-1, 2, -1]],
    ['FILL(m1, REPEAT)', ['- 2 - -'], [undefined, 2, 2, 2]],
    ['SUM(FILL(METRICS(), 1))', ['- 2', '3 -'], [4, 3]],
  ])('%s of %j', (expression, metrics, values) => {
    expect(run(expression, ...metrics)).toEqual(values);
  });

  // "METRICS() function with a string to return only the graphed metrics that contain that string in their Id field"
  test('METRICS with a text takes the metrics whose Id has it', () => {
    const metrics = new Map([
      ['errors_a', [1]],
      ['errors_b', [2]],
      ['calls', [50]],
    ]);
    const expressions = new Map([['rate', parseMath('SUM(METRICS("errors")) / calls')]]);
    expect(runMath('rate', { metrics, expressions })).toEqual([0.06]);
  });

  // "taking the AVG of a single time series produces a scalar number, so it can't be the final expression result"; in
  // alarms its use is advised against, for it "acts differently when extra data is requested"
  test.each([
    ['SUM(m1)', 'SUM of one time series is a number, which depends on how many datapoints are read'],
    ['5 * 2', 'metric math watched makes a number, an alarm watches one time series'],
    ['METRICS()', 'metric math watched makes several time series, an alarm watches one time series'],
    ['[m1, m2] + [m1, m2]', '+ between two arrays of time series'],
    ['m1 + m9', 'refers to m9, which is no Id of the alarm'],
    ['watched + m1', 'watched refers to itself'],
    ['5 / 0 * m1', '5 / 0'],
    ['FILL(5, 0)', '5 is no time series'],
  ])('%s is refused', (expression, problem) => {
    expect(() => run(expression, '1', '2')).toThrow(problem);
  });
});

test.each([
  ['RATE(m1)', 'RATE is not evaluated in the sandbox; it knows SUM, AVG, MIN, MAX, FILL and METRICS'],
  ['ANOMALY_DETECTION_BAND(m1, 2)', 'ANOMALY_DETECTION_BAND is not evaluated in the sandbox'],
  ['IF(m1 > 3, m1)', '"> 3, m1)" is not evaluated in the sandbox'],
  ["SEARCH('{AWS/EC2}')", 'SEARCH is not evaluated in the sandbox'],
  ['FILL(m1, LINEAR)', 'expected a number or REPEAT, got "LINEAR" at character 9'],
  ['m1 +', 'expected a number, an Id, a function, ( or [, got the end'],
  ['(m1', 'expected ), got the end'],
  ['m1 m2', 'expected an operator or the end, got "m2" at character 3'],
])('%s is an error that names it', (expression, problem) => {
  expect(() => parseMath(expression)).toThrow(`metric math "${expression}": ${problem}`);
});

const metric = (Id: string, MetricName: string, Period = 60) => ({
  Id,
  ReturnData: false,
  MetricStat: { Metric: { Namespace: 'n', MetricName, Dimensions: [] }, Period, Stat: 'Sum' },
});
const settings = {
  AlarmName: 'rate',
  EvaluationPeriods: 3,
  Threshold: 40,
  ComparisonOperator: 'GreaterThanThreshold',
  AlarmActions: [TOPIC],
} as const;

// "error counts are first summed in one expression, then divided by total connection attempts in another expression. The
// alarm goes to the ALARM state if the error rate is over 40% for three consecutive periods"
test("AWS's example: an error rate over 40 % for three periods is an alarm", async () => {
  const stage = new Stage('2026-11-23T10:00:00Z');
  await stage.putAlarm({
    ...settings,
    AlarmActions: [TOPIC],
    Metrics: [
      metric('m1', 'ConnectionsFailed'),
      metric('m2', 'ConnectionsDropped'),
      metric('m3', 'RequestsThrottled'),
      metric('m4', 'ConnectionAttempts'),
      { Id: 'error_total', Expression: 'm1+m2+m3', ReturnData: false },
      { Id: 'error_rate', Expression: '(error_total/m4)*100', ReturnData: true, Label: 'Total Connection Error Rate' },
    ],
  });
  const put = (minute: number, name: string, value: number): void => {
    const atMillis = Date.parse(`2026-11-23T10:0${minute}:30Z`);
    const sample = { count: 1, sum: value, min: value, max: value };
    stage.store.put({ namespace: 'n', metric: name, dimensions: {}, atMillis, ...sample });
  };
  for (const minute of [0, 1, 2]) {
    put(minute, 'ConnectionsFailed', 25);
    put(minute, 'ConnectionsDropped', minute === 1 ? 25 : 20);
    put(minute, 'ConnectionAttempts', 100);
  }
  expect(await stage.evaluateAt('2026-11-23T10:02:10Z')).toEqual([]);
  expect(await stage.evaluateAt('2026-11-23T10:03:10Z')).toEqual(['SNS alarm ALARM', 'EventBridge alarm ALARM']);
  // "Metric Math Alarm" in "Alarm events and EventBridge": the expression with its label, the metrics with returnData false
  expect(stage.details()[0]?.configuration.metrics).toEqual([
    ...['ConnectionsFailed', 'ConnectionsDropped', 'RequestsThrottled', 'ConnectionAttempts'].map((name, index) => ({
      id: `m${index + 1}`,
      metricStat: { metric: { namespace: 'n', name, dimensions: {} }, period: 60, stat: 'Sum' },
      returnData: false,
    })),
    { id: 'error_total', expression: 'm1+m2+m3', returnData: false },
    { id: 'error_rate', expression: '(error_total/m4)*100', returnData: true, label: 'Total Connection Error Rate' },
  ]);
});

const sum = { Id: 'e', Expression: 'SUM(METRICS())', ReturnData: true };
const many = (count: number) => Array.from({ length: count }, (_, index) => metric(`m${index}`, 'm'));

// "Alarms based on metric math expressions can reference a maximum of 10 metrics." ("Limits")
test('ten metrics are allowed, eleven are not', () => {
  expect(() => defineAlarm({ ...settings, Metrics: [sum, ...many(10)] })).not.toThrow();
  expect(() => defineAlarm({ ...settings, Metrics: [sum, ...many(11)] })).toThrow(
    'alarm rate: 11 metrics, allowed are 10',
  );
});

test.each([
  ['nothing to watch', [{ ...sum, ReturnData: false }, metric('m1', 'm')], 'ReturnData is true for 0 of its Metrics'],
  ['two to watch', [sum, { ...metric('m1', 'm'), ReturnData: true }], 'ReturnData is true for 2 of its Metrics'],
  ['two periods', [sum, metric('m1', 'm'), metric('m2', 'm', 300)], 'periods of 60, 300 s, the sandbox knows one'],
  ['an item that is neither', [sum, { Id: 'm1', ReturnData: false }], 'it names no metric'],
  [
    'a percentile',
    [{ ...metric('m1', 'm'), MetricStat: { ...metric('m1', 'm').MetricStat, Stat: 'p99' } }],
    'statistic p99, the sandbox knows Average, Sum, Minimum, Maximum, SampleCount',
  ],
  [
    'an unknown Id',
    [{ ...sum, Expression: 'm1 * m7' }, metric('m1', 'm')],
    'metric math refers to m7, which is no Id of the alarm',
  ],
])('an alarm with %s is an error that names it', (_name, Metrics, problem) => {
  expect(() => defineAlarm({ ...settings, Metrics })).toThrow(`alarm rate: ${problem}`);
});
