import { parseInsights } from '../../../sandbox/cloudwatch/insights-parser.ts';

test('every clause is understood', () => {
  const text = `SELECT MAX(disk_used_percent) FROM SCHEMA("SelfHealing", InstanceId, path, fstype)
    WHERE fstype = 'xfs' AND path != '/boot' GROUP BY InstanceId, path ORDER BY AVG() DESC LIMIT 20`;
  expect(parseInsights(text)).toEqual({
    statistic: 'Maximum',
    metric: 'disk_used_percent',
    namespace: 'SelfHealing',
    schema: ['InstanceId', 'path', 'fstype'],
    where: [
      { label: 'fstype', equal: true, value: 'xfs' },
      { label: 'path', equal: false, value: '/boot' },
    ],
    groupBy: ['InstanceId', 'path'],
    orderBy: { statistic: 'Average', descending: true },
    limit: 20,
  });
});

test('keywords are taken in any case, and what is optional may be left out', () => {
  expect(parseInsights('select count("My.Metric") from "AWS/EC2"')).toEqual({
    statistic: 'SampleCount',
    metric: 'My.Metric',
    namespace: 'AWS/EC2',
    where: [],
    groupBy: [],
    limit: 500,
  });
  expect(parseInsights('SELECT SUM(m) FROM n ORDER BY MIN()').orderBy).toEqual({
    statistic: 'Minimum',
    descending: false,
  });
});

test('SCHEMA with a namespace only asks for metrics without dimensions', () => {
  expect(parseInsights('SELECT AVG(m) FROM SCHEMA("n")').schema).toEqual([]);
});

test('a quoted quotation mark is part of the name', () => {
  expect(parseInsights(`SELECT AVG("Bytes\\"In\\"") FROM n WHERE a = 'it\\'s'`)).toMatchObject({
    metric: 'Bytes"In"',
    where: [{ label: 'a', equal: true, value: "it's" }],
  });
});

test.each([
  ['SELECT MEDIAN(m) FROM n', 'expected AVG, COUNT, MAX, MIN or SUM, got "MEDIAN" at character 7'],
  ['SELECT AVG(m)', 'expected FROM, got the end'],
  [
    'SELECT AVG(m) FROM n HAVING x',
    'expected WHERE, GROUP BY, ORDER BY, LIMIT, in this order, or the end, got "HAVING" at character 21',
  ],
  [
    "SELECT AVG(m) FROM n LIMIT 5 WHERE a = 'b'",
    'expected WHERE, GROUP BY, ORDER BY, LIMIT, in this order, or the end, got "WHERE" at character 29',
  ],
  ['SELECT AVG(m) FROM n WHERE a = b', 'expected a value in single quotes, got "b" at character 31'],
  ["SELECT AVG(m) FROM n WHERE a > '1'", '">" at character 28 is not allowed'],
  ['SELECT AVG(m) FROM n LIMIT 501', 'expected a number from 1 to 500, got "501" at character 27'],
  ["SELECT AVG(m) FROM n WHERE tag.env = 'prod'", '"tag.env": the sandbox knows no tags and no accounts'],
  ['m1 * 2', '"*" at character 2 is not allowed'],
  ['FROM n SELECT AVG(m)', 'expected SELECT, got "FROM" at character 0'],
])('%s is refused', (query, problem) => {
  expect(() => parseInsights(query)).toThrow(`metrics insights query: ${problem}`);
});
