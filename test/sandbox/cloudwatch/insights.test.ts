import { runInsights } from '../../../sandbox/cloudwatch/insights.ts';
import { parseInsights } from '../../../sandbox/cloudwatch/insights-parser.ts';
import { MetricStore } from '../../../sandbox/cloudwatch/store.ts';

const T0 = Date.parse('2026-11-23T10:00:00Z');
const window = { startMillis: T0, endMillis: T0 + 120_000, periodSeconds: 60 };
let store: MetricStore;

function put(dimensions: Record<string, string>, secondsAfter: number, value: number): void {
  const sample = { count: 1, sum: value, min: value, max: value };
  store.put({ namespace: 'n', metric: 'disk', dimensions, atMillis: T0 + secondsAfter * 1000, ...sample });
}

beforeEach(() => {
  store = new MetricStore();
  put({ InstanceId: 'i-1', path: '/', fstype: 'xfs' }, 5, 50);
  put({ InstanceId: 'i-1', path: '/', fstype: 'xfs' }, 65, 52);
  put({ InstanceId: 'i-1', path: '/data', fstype: 'xfs' }, 5, 91);
  put({ InstanceId: 'i-2', path: '/', fstype: 'ext4' }, 70, 70);
  put({ InstanceId: 'i-3', path: '/' }, 5, 99);
  put({ InstanceId: 'i-4', path: '/', fstype: 'xfs' }, 120, 99);
});

const run = (query: string) => runInsights(parseInsights(query), store, window);

test('SCHEMA takes only the exact set of dimensions, in any order', () => {
  expect(run('SELECT MAX(disk) FROM SCHEMA("n", fstype, path, InstanceId) GROUP BY InstanceId, path')).toEqual([
    { attributes: { InstanceId: 'i-1', path: '/' }, values: [50, 52] },
    { attributes: { InstanceId: 'i-1', path: '/data' }, values: [91, undefined] },
    { attributes: { InstanceId: 'i-2', path: '/' }, values: [undefined, 70] },
  ]);
});

test('a namespace alone takes all dimensions; series without the grouped one are Other', () => {
  expect(run('SELECT MAX(disk) FROM n GROUP BY fstype')).toEqual([
    { attributes: { fstype: 'Other' }, values: [99, undefined] },
    { attributes: { fstype: 'ext4' }, values: [undefined, 70] },
    { attributes: { fstype: 'xfs' }, values: [91, 52] },
  ]);
});

test.each([
  ['AVG', [80, 61]],
  ['SUM', [240, 122]],
  ['MIN', [50, 52]],
  ['MAX', [99, 70]],
  ['COUNT', [3, 2]],
])('%s without GROUP BY puts all series together', (name, values) => {
  expect(run(`SELECT ${name}(disk) FROM n`)).toEqual([{ attributes: {}, values }]);
});

test('WHERE keeps what is equal, or what is not', () => {
  expect(run("SELECT MAX(disk) FROM n WHERE InstanceId = 'i-1' AND path != '/' GROUP BY path")).toEqual([
    { attributes: { path: '/data' }, values: [91, undefined] },
  ]);
});

test('ORDER BY DESC and LIMIT return the worst', () => {
  const worst = run('SELECT MAX(disk) FROM n GROUP BY InstanceId ORDER BY MAX() DESC LIMIT 2');
  expect(worst.map(({ attributes }) => attributes['InstanceId'])).toEqual(['i-3', 'i-1']);
});

test('a query that matches nothing returns no series', () => {
  expect(run('SELECT MAX(disk) FROM SCHEMA("n", InstanceId) GROUP BY InstanceId')).toEqual([]);
});

test('what is older than 9 days is forgotten', () => {
  store.forgetOld(T0 + 9 * 24 * 60 * 60 * 1000 + 60_000);
  expect(run('SELECT MAX(disk) FROM n')).toEqual([{ attributes: {}, values: [undefined, 70] }]);
});
