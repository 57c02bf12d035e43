import {
  type AlarmRule,
  type AlarmStateValue,
  type Comparison,
  evaluate,
  type TreatMissing,
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

const treatments: TreatMissing[] = ['missing', 'ignore', 'breaching', 'notBreaching'];

/** A row of the tables in CloudWatch's documentation of missing data: the state for each treatment. */
function expectRow(needed: number, datapoints: string, expected: (AlarmStateValue | 'stays')[]): void {
  for (const current of ['OK', 'ALARM', 'INSUFFICIENT_DATA'] as const) {
    const states = treatments.map((treatMissing) =>
      evaluate({ ...rule, datapointsToAlarm: needed, treatMissing }, values(datapoints), current),
    );
    expect(states).toEqual(expected.map((state) => (state === 'stays' ? current : state)));
  }
}

test.each<[string, (AlarmStateValue | 'stays')[]]>([
  ['0 - X - X', ['OK', 'OK', 'OK', 'OK']],
  ['0 - - - -', ['OK', 'OK', 'OK', 'OK']],
  ['- - - - -', ['INSUFFICIENT_DATA', 'stays', 'ALARM', 'OK']],
  ['0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['- - X - -', ['ALARM', 'stays', 'ALARM', 'OK']],
  ['- - - - X', ['stays', 'stays', 'ALARM', 'OK']],
  ['X X X 0 X', ['OK', 'OK', 'OK', 'OK']],
])('3 of 3: %s', (datapoints, expected) => expectRow(3, datapoints, expected));

test.each<[string, (AlarmStateValue | 'stays')[]]>([
  ['0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
  ['0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
  ['- - - X -', ['ALARM', 'stays', 'ALARM', 'OK']],
  ['- - X X -', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
])('2 of 3: %s', (datapoints, expected) => expectRow(2, datapoints, expected));

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
