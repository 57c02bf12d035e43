import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type AlarmState, type Evaluation, initialState } from '../../../sandbox/cloudwatch/alarm-state.ts';
import { type AlarmDefinition, defineAlarm } from '../../../sandbox/cloudwatch/definition.ts';
import { evaluateAlarm } from '../../../sandbox/cloudwatch/evaluate-alarm.ts';
import { MetricStore } from '../../../sandbox/cloudwatch/store.ts';

const at = (time: string): number => Date.parse(`2026-11-23T${time}Z`);
const settings: MetricAlarm = {
  AlarmName: 'disk',
  AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 90,
  EvaluationPeriods: 1,
};
const fleet = defineAlarm({
  ...settings,
  Metrics: [{ Id: 'q', Expression: 'SELECT MAX(disk) FROM SCHEMA("n", InstanceId) GROUP BY InstanceId', Period: 60 }],
});
const one = defineAlarm({
  ...settings,
  Namespace: 'n',
  MetricName: 'disk',
  Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
  Statistic: 'Average',
  Period: 60,
});
let store: MetricStore;
let known: AlarmState;

beforeEach(() => {
  store = new MetricStore();
  known = initialState(at('10:00:00'));
});

function put(instanceId: string, time: string, value: number): void {
  const sample = { count: 1, sum: value, min: value, max: value };
  store.put({ namespace: 'n', metric: 'disk', dimensions: { InstanceId: instanceId }, atMillis: at(time), ...sample });
}

function evaluateAt(alarm: AlarmDefinition, time: string): Evaluation {
  const evaluation = evaluateAlarm(alarm, store, known, at(time));
  known = evaluation.next;
  return evaluation;
}

function told(evaluation: Evaluation): string[] {
  return evaluation.changes.map(
    ({ before, after, contributor }) =>
      `${contributor?.attributes['InstanceId'] ?? 'alarm'} ${before.value} -> ${after.value}`,
  );
}

test('each contributor changes by itself, the alarm with the first and the last of them', () => {
  put('i-1', '10:00:30', 50);
  put('i-2', '10:00:30', 95);
  expect(told(evaluateAt(fleet, '10:01:10'))).toEqual(['i-2 OK -> ALARM', 'alarm INSUFFICIENT_DATA -> ALARM']);
  put('i-1', '10:01:30', 96);
  put('i-2', '10:01:30', 95);
  expect(told(evaluateAt(fleet, '10:02:10'))).toEqual(['i-1 OK -> ALARM']);
  put('i-1', '10:02:30', 10);
  put('i-2', '10:02:30', 95);
  expect(told(evaluateAt(fleet, '10:03:10'))).toEqual(['i-1 ALARM -> OK']);
  put('i-1', '10:03:30', 10);
  put('i-2', '10:03:30', 10);
  expect(told(evaluateAt(fleet, '10:04:10'))).toEqual(['i-2 ALARM -> OK', 'alarm ALARM -> OK']);
});

test('a state that lasts is told once', () => {
  put('i-1', '10:00:30', 95);
  evaluateAt(fleet, '10:01:10');
  put('i-1', '10:01:30', 97);
  expect(told(evaluateAt(fleet, '10:02:10'))).toEqual([]);
  expect(told(evaluateAt(fleet, '10:02:20'))).toEqual([]);
});

test('a contributor whose data stop is OK once no period that is read holds any, and says that this is no recovery', () => {
  put('i-1', '10:00:30', 95);
  put('i-2', '10:00:30', 10);
  evaluateAt(fleet, '10:01:10');
  put('i-2', '10:03:30', 10);
  expect(told(evaluateAt(fleet, '10:03:10'))).toEqual([]);
  const evaluation = evaluateAt(fleet, '10:04:10');
  expect(told(evaluation)).toEqual(['i-1 ALARM -> OK', 'alarm ALARM -> OK']);
  expect(evaluation.changes[0]?.after.reason).toBe('No data was returned for this contributor');
});

test('a fleet alarm without any data goes by how missing data is treated', () => {
  put('i-1', '10:00:30', 95);
  evaluateAt(fleet, '10:01:10');
  expect(told(evaluateAt(fleet, '10:09:10'))).toEqual(['i-1 ALARM -> OK', 'alarm ALARM -> INSUFFICIENT_DATA']);
  const breaching = { ...fleet, rule: { ...fleet.rule, treatMissing: 'breaching' as const } };
  expect(told(evaluateAt(breaching, '10:10:10'))).toEqual(['alarm INSUFFICIENT_DATA -> ALARM']);
});

test('a contributor keeps its id, and its reason says what was measured', () => {
  put('i-1', '10:00:30', 95.5);
  const [change] = evaluateAt(fleet, '10:01:10').changes;
  expect(change?.contributor).toEqual({ id: '44376130f0ca8c06', attributes: { InstanceId: 'i-1' } });
  expect(change?.after).toMatchObject({
    value: 'ALARM',
    reason:
      'Threshold Crossed: 1 datapoint was greater than or equal to the threshold (90.0). The most recent datapoint which crossed the threshold: [95.5 (23/11/26 10:00:00)].',
    sinceMillis: at('10:01:10'),
  });
});

test('the period that is still open does not count', () => {
  put('i-1', '10:00:30', 95);
  expect(told(evaluateAt(one, '10:00:50'))).toEqual([]);
  expect(told(evaluateAt(one, '10:01:00'))).toEqual(['alarm INSUFFICIENT_DATA -> ALARM']);
});

test('a single metric without data goes by how missing data is treated', () => {
  put('i-1', '10:00:30', 10);
  expect(told(evaluateAt(one, '10:01:10'))).toEqual(['alarm INSUFFICIENT_DATA -> OK']);
  const breaching = { ...one, rule: { ...one.rule, treatMissing: 'breaching' as const } };
  expect(told(evaluateAt(breaching, '10:09:10'))).toEqual(['alarm OK -> ALARM']);
  expect(told(evaluateAt(one, '10:10:10'))).toEqual(['alarm ALARM -> INSUFFICIENT_DATA']);
});

test('2 of 3 periods of 5 minutes slide by the minute', () => {
  const slow = { ...one, periodSeconds: 300, rule: { ...one.rule, evaluationPeriods: 3, datapointsToAlarm: 2 } };
  put('i-1', '10:00:00', 10);
  put('i-1', '10:06:00', 95);
  put('i-1', '10:11:00', 95);
  expect(told(evaluateAt(slow, '10:10:10'))).toEqual(['alarm INSUFFICIENT_DATA -> OK']);
  expect(told(evaluateAt(slow, '10:12:10'))).toEqual(['alarm OK -> ALARM']);
});

test('percentiles are said not to be evaluated', () => {
  const percentile = { ...settings, Namespace: 'n', MetricName: 'm', ExtendedStatistic: 'p99', Period: 60 };
  expect(() => defineAlarm(percentile)).toThrow(
    'alarm disk: statistic none, the sandbox knows Average, Sum, Minimum, Maximum, SampleCount',
  );
});
