import {
  type AlarmRule,
  type AlarmStateValue,
  type Comparison,
  evaluate,
} from '../../../sandbox/cloudwatch/evaluate.ts';

const rule: AlarmRule = {
  comparison: 'GreaterThanThreshold',
  threshold: 1,
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  treatMissing: 'missing',
};

/** `X` breaches, `0` does not, `-` is missing; oldest first. */
function values(datapoints: string): (number | undefined)[] {
  const meaning: Record<string, number | undefined> = { X: 2, '0': 0, '-': undefined };
  return datapoints.split(' ').map((datapoint) => meaning[datapoint]);
}

test('1 of 1 looks at the newest value that is there', () => {
  const one = { ...rule, evaluationPeriods: 1, datapointsToAlarm: 1 };
  expect(evaluate(one, values('0 0 X'), 'OK')).toBe('ALARM');
  expect(evaluate(one, values('X X 0'), 'ALARM')).toBe('OK');
  expect(evaluate(one, values('0 X -'), 'OK')).toBe('ALARM');
});

test.each<[Comparison, AlarmStateValue[]]>([
  ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
  ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
  ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
  ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
])('%s 90 of 89, 90 and 91', (comparison, expected) => {
  const one = { ...rule, comparison, threshold: 90, evaluationPeriods: 1, datapointsToAlarm: 1 };
  expect([89, 90, 91].map((value) => evaluate(one, [value], 'OK'))).toEqual(expected);
});
