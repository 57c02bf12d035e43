import { metricLine } from '../../../lambdas/core/self-metrics.ts';
import { embeddedMetrics } from '../../../sandbox/service-metrics/embedded-metrics.ts';

// "Specification: Embedded metric format":
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html

const line = (
  more: object,
  metrics: object[] = [{ Name: 'time', Unit: 'Milliseconds' }],
  dimensions = [['functionVersion']],
) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1574109732004,
      CloudWatchMetrics: [{ Namespace: 'lambda-function-metrics', Dimensions: dimensions, Metrics: metrics }],
    },
    functionVersion: '$LATEST',
    ...more,
  });

test("the specification's example is one value of one metric", () => {
  expect(embeddedMetrics(line({ time: 100, requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee' }))).toEqual([
    {
      namespace: 'lambda-function-metrics',
      metric: 'time',
      dimensions: { functionVersion: '$LATEST' },
      unit: 'Milliseconds',
      atMillis: 1574109732004,
      count: 1,
      sum: 100,
      min: 100,
      max: 100,
    },
  ]);
});

// "Every DimensionSet used creates a new metric in CloudWatch."; "A DimensionSet MAY be empty."
test('each set of dimensions is a metric', () => {
  const data = embeddedMetrics(line({ time: 1, stack: 'fleet' }, undefined, [['functionVersion', 'stack'], []]));
  expect(data.map(({ dimensions }) => dimensions)).toEqual([{ functionVersion: '$LATEST', stack: 'fleet' }, {}]);
});

// "Metric targets MUST be either a numeric value or an array of numeric values."; Unit: "a default value of NONE"
test('several values are several datapoints', () => {
  const data = embeddedMetrics(line({ time: [1, 2, 3] }, [{ Name: 'time' }]));
  expect(data.map(({ sum, unit }) => [sum, unit])).toEqual([
    [1, 'None'],
    [2, 'None'],
    [3, 'None'],
  ]);
});

test("the line that the sweep puts gives its own alarms' metrics", () => {
  const data = embeddedMetrics(metricLine('fleet', { SweepsCompleted: 1, SilentInstances: 2 }, 1000));
  expect(data.map(({ namespace, metric, dimensions, sum }) => [namespace, metric, dimensions, sum])).toEqual([
    ['SelfHealing/System', 'SweepsCompleted', { Stack: 'fleet' }, 1],
    ['SelfHealing/System', 'SilentInstances', { Stack: 'fleet' }, 2],
  ]);
});

test.each([
  ['another log line', '{"level":"INFO"}'],
  ['text before it', `INFO ${line({ time: 1 })}`],
  ['text after it', `${line({ time: 1 })} done`],
  ['a metric that is no number', line({ time: '100' })],
  ['a metric that is not there', line({})],
  ['a dimension that is not there', line({ time: 1 }, undefined, [['region']])],
  ['a dimension that is no text', line({ time: 1, region: 1 }, undefined, [['region']])],
  ['metadata without a time', '{"_aws":{"CloudWatchMetrics":[]}}'],
])('%s is none', (_name, text) => {
  expect(embeddedMetrics(text)).toEqual([]);
});
