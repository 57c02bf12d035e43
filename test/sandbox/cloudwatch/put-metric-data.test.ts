import { readMetricData } from '../../../sandbox/cloudwatch/put-metric-data.ts';

const NOW = Date.parse('2026-11-23T10:00:00Z');
const same = (millis: number): number => millis;

test('a value without a time is of now', () => {
  const input = {
    Namespace: 'SelfHealing',
    MetricData: [{ MetricName: 'mem_used_percent', Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }], Value: 41.5 }],
  };
  expect(readMetricData(input, NOW, same)).toEqual([
    {
      namespace: 'SelfHealing',
      metric: 'mem_used_percent',
      dimensions: { InstanceId: 'i-1' },
      atMillis: NOW,
      count: 1,
      sum: 41.5,
      min: 41.5,
      max: 41.5,
    },
  ]);
});

test("a client's time is mapped, as JSON and as Query send it", () => {
  const slow = (millis: number): number => NOW + (millis - NOW) * 10;
  const datum = { MetricName: 'm', Value: 1 };
  const json = { Namespace: 'n', MetricData: [{ ...datum, Timestamp: NOW / 1000 + 2 }] };
  const query = { Namespace: 'n', MetricData: [{ ...datum, Timestamp: '2026-11-23T10:00:02Z' }] };
  expect(readMetricData(json, NOW, slow)[0]?.atMillis).toBe(NOW + 20_000);
  expect(readMetricData(query, NOW, slow)[0]?.atMillis).toBe(NOW + 20_000);
});

test('values count as often as they say', () => {
  const input = { Namespace: 'n', MetricData: [{ MetricName: 'm', Values: [1, 5], Counts: [3, 1] }] };
  expect(readMetricData(input, NOW, same)).toMatchObject([{ count: 4, sum: 8, min: 1, max: 5 }]);
});

test('a statistic set is taken as it is, also as text', () => {
  const StatisticValues = { SampleCount: '4', Sum: '10', Minimum: '1', Maximum: '6' };
  const input = { Namespace: 'n', MetricData: [{ MetricName: 'm', StatisticValues }] };
  expect(readMetricData(input, NOW, same)).toMatchObject([{ count: 4, sum: 10, min: 1, max: 6 }]);
});

test.each([[{}], [{ Namespace: 'n', MetricData: 'x' }], [{ Namespace: 'n', MetricData: [{ MetricName: 'm' }] }]])(
  '%j holds no datapoint',
  (input) => {
    expect(readMetricData(input, NOW, same)).toEqual([]);
  },
);
