import { readSettings, refuseUnknownSettings } from '../../../sandbox/cloudwatch/alarm-settings.ts';

const settings = {
  AlarmName: 'one',
  Namespace: 'n',
  MetricName: 'm',
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
};

test('settings are read alike from JSON and from Query, which sends text', () => {
  const query = { ...settings, Period: '60', EvaluationPeriods: '1', Threshold: '1', ActionsEnabled: 'false' };
  expect(readSettings(query)).toEqual(readSettings({ ...settings, ActionsEnabled: false }));
});

test.each([
  [
    { ComparisonOperator: 'LessThanLowerThreshold' },
    'ComparisonOperator is "LessThanLowerThreshold", allowed are GreaterThanThreshold, GreaterThanOrEqualToThreshold, LessThanThreshold, LessThanOrEqualToThreshold',
  ],
  [
    { TreatMissingData: 'Breaching' },
    'TreatMissingData is "Breaching", allowed are missing, ignore, breaching, notBreaching',
  ],
  [{ Threshold: undefined }, 'Threshold is missing'],
  [{ Metrics: [{ Expression: 'm1' }] }, 'Metrics.0.Id is missing'],
])('%j is an error that says what is allowed', (more, problem) => {
  expect(() => readSettings({ ...settings, ...more })).toThrow(`alarm one: ${problem}`);
});

// settings of PutMetricAlarm that the emulation would pass over without a word
test.each([
  [{ ExtendedStatistic: 'p99' }, 'ExtendedStatistic'],
  [{ ThresholdMetricId: 't1' }, 'ThresholdMetricId'],
  [
    { EvaluationCriteria: { PromQLCriteria: { Query: 'up' } }, EvaluationInterval: 60 },
    'EvaluationCriteria, EvaluationInterval',
  ],
  [{ EvaluationWindow: { WallClockWindow: {} } }, 'EvaluationWindow'],
  [{ ActionConfiguration: { AlarmTagsPropagation: { Enabled: true } } }, 'ActionConfiguration'],
  [{ Metrics: [{ Id: 'm1', AccountId: '111122223333' }] }, 'AccountId'],
])('%j is refused by name', (more, names) => {
  expect(() => refuseUnknownSettings({ ...settings, ...more })).toThrow(
    `alarm one: ${names}: not evaluated in the sandbox`,
  );
});

test('tags, a warm-up and the sliding window, which is the default, are no forms of their own', () => {
  const more = { Tags: [], WarmUpConfiguration: {}, EvaluationWindow: { SlidingWindow: {} } };
  expect(() => refuseUnknownSettings({ ...settings, ...more })).not.toThrow();
});
