import type { AlarmRule } from '../../../sandbox/cloudwatch/evaluate.ts';
import { contributorReason, emptyQueryReason, stateReason } from '../../../sandbox/cloudwatch/reason.ts';

const rule: AlarmRule = {
  comparison: 'GreaterThanThreshold',
  threshold: 31,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissing: 'breaching',
};
const at = (time: string, value: number) => ({ value, atMillis: Date.parse(`2025-07-03T${time}Z`) });

test("AWS's example: three datapoints over the threshold", () => {
  const points = [at('08:29:00', 32.6), at('08:24:00', 33.8), at('08:19:00', 41)];
  expect(stateReason(rule, 'ALARM', points)).toBe(
    'Threshold Crossed: 3 out of the last 3 datapoints [32.6 (03/07/25 08:29:00), 33.8 (03/07/25 08:24:00), 41.0 (03/07/25 08:19:00)] were greater than the threshold (31.0) (minimum 3 datapoints for OK -> ALARM transition).',
  );
});

test('a recovery counts what is within the threshold, and how many would do', () => {
  const points = [at('08:29:00', 2), at('08:24:00', 33.8), at('08:19:00', 41)];
  expect(stateReason({ ...rule, datapointsToAlarm: 2 }, 'OK', points)).toContain(
    '1 out of the last 3 datapoints [2.0 (03/07/25 08:29:00)] was not greater than the threshold (31.0) (minimum 2 datapoints for ALARM -> OK transition)',
  );
});

test.each([
  [1, 'Insufficient Data: 1 datapoint was unknown.'],
  [5, 'Insufficient Data: 5 datapoints were unknown.'],
])('without any of %d datapoints it says so', (evaluationPeriods, reason) => {
  expect(stateReason({ ...rule, evaluationPeriods }, 'INSUFFICIENT_DATA', [])).toBe(reason);
});

// as real alarms say it; AWS's documents do not print it
test('where missing data decided, it says how many, and how they were treated', () => {
  expect(stateReason(rule, 'ALARM', [])).toBe(
    'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
  );
  expect(stateReason({ ...rule, evaluationPeriods: 1, treatMissing: 'notBreaching' }, 'OK', [])).toBe(
    'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [NonBreaching].',
  );
  expect(contributorReason({ ...rule, datapointsToAlarm: 2 }, 'ALARM', [at('08:29:00', 2)])).toBe(
    'Threshold Crossed: 1 datapoint was received for 3 periods and 2 missing datapoints were treated as [Breaching].',
  );
});

test('without a time series it says how missing data is treated', () => {
  expect(emptyQueryReason('notBreaching')).toBe(
    'No time series were returned by the query. Treat missing data is configured as [NonBreaching].',
  );
});
