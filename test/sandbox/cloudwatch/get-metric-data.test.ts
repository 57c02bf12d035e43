import { getMetricData } from '../../../sandbox/cloudwatch/get-metric-data.ts';
import { MetricStore } from '../../../sandbox/cloudwatch/store.ts';

const T0 = Date.parse('2026-11-23T10:00:00Z');
const same = (millis: number): number => millis;
const store = new MetricStore();
for (const [id, seconds, value] of [
  ['i-1', 5, 50],
  ['i-1', 65, 60],
  ['i-2', 5, 90],
] as const) {
  const sample = { count: 1, sum: value, min: value, max: value };
  store.put({
    namespace: 'n',
    metric: 'disk',
    dimensions: { InstanceId: id, path: '/' },
    atMillis: T0 + seconds * 1000,
    ...sample,
  });
}
const range = { StartTime: T0 / 1000, EndTime: T0 / 1000 + 120 };
const get = (queries: unknown[], more = {}) =>
  getMetricData({ MetricDataQueries: queries, ...range, ...more }, store, T0 + 180_000, same);

test('a Metrics Insights query returns a result per series, labelled by its values, newest first', () => {
  const Expression = 'SELECT MAX(disk) FROM n GROUP BY InstanceId, path';
  expect(get([{ Id: 'q', Expression, Period: 60 }])).toEqual({
    MetricDataResults: [
      {
        Id: 'q',
        Label: 'i-1 /',
        StatusCode: 'Complete',
        Values: [60, 50],
        Timestamps: [new Date('2026-11-23T10:01:00Z'), new Date('2026-11-23T10:00:00Z')],
      },
      {
        Id: 'q',
        Label: 'i-2 /',
        StatusCode: 'Complete',
        Values: [90],
        Timestamps: [new Date('2026-11-23T10:00:00Z')],
      },
    ],
  });
});

test('a single metric is read from the same store; what asked not to return data does not', () => {
  const Metric = {
    Namespace: 'n',
    MetricName: 'disk',
    Dimensions: [
      { Name: 'path', Value: '/' },
      { Name: 'InstanceId', Value: 'i-1' },
    ],
  };
  const MetricStat = { Metric, Period: 120, Stat: 'Average' };
  const queries = [
    { Id: 'a', MetricStat },
    { Id: 'b', MetricStat, ReturnData: false },
  ];
  expect(get(queries, { ScanBy: 'TimestampAscending' })).toEqual({
    MetricDataResults: [
      { Id: 'a', Label: 'disk', StatusCode: 'Complete', Values: [55], Timestamps: [new Date('2026-11-23T10:00:00Z')] },
    ],
  });
});

test('metric math is left to the emulator', () => {
  expect(get([{ Id: 'a', Expression: 'm1 * 2' }])).toBeUndefined();
});

test('a query that is wrong is refused', () => {
  expect(() => get([{ Id: 'a', Expression: 'SELECT disk FROM n' }])).toThrow('expected AVG, COUNT, MAX, MIN or SUM');
});

test('a range since 1970 costs no more than the 9 days that are kept', () => {
  const result = get([{ Id: 'a', Expression: 'SELECT MAX(disk) FROM n' }], { StartTime: 0 });
  expect(result).toMatchObject({ MetricDataResults: [{ Values: [60, 90] }] });
});
