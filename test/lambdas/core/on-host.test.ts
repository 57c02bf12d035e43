import { fleetQuery } from '../../../lambdas/core/insights-query.ts';
import { ON_HOST_ALARMS, onHostAlarmOf, onHostDetection, restartedService } from '../../../lambdas/core/on-host.ts';

const service = 'orders.service';
const InstanceId = 'i-0123456789abcdef0';

test('the alarms on restarts watch exactly the dimensions that the agent gives what is measured', () => {
  expect(fleetQuery(onHostDetection('restarted-on-host'), 'SelfHealing')).toBe(
    'SELECT MAX(service_restarts) FROM SCHEMA("SelfHealing", InstanceId, metric_type, service) GROUP BY InstanceId, service ORDER BY MAX() DESC',
  );
});

test('one fires on any restart, the other on those of three minutes within an hour', () => {
  expect(ON_HOST_ALARMS.map((alarm) => onHostDetection(alarm))).toMatchObject([
    { threshold: 1, periodSeconds: 60, evaluationPeriods: 1, datapointsToAlarm: 1 },
    { threshold: 1, periodSeconds: 60, evaluationPeriods: 60, datapointsToAlarm: 3 },
  ]);
});

test("only this stack's alarms are known", () => {
  expect(onHostAlarmOf('fleet-restarted-again', 'fleet')).toBe('restarted-again');
  expect(onHostAlarmOf('other-restarted-again', 'fleet')).toBeUndefined();
  expect(onHostAlarmOf('fleet-restarted', 'fleet')).toBeUndefined();
});

test('a contributor names an instance and a unit', () => {
  expect(restartedService({ InstanceId, service })).toEqual({
    fingerprint: { target: { kind: 'instance', id: InstanceId }, part: service, symptom: 'restarted-on-host' },
  });
});

test.each([
  [{ service }, 'InstanceId is null, allowed is i- and 8 to 17 hexadecimal digits'],
  [{ InstanceId: '*', service }, 'InstanceId is "*", allowed is i- and 8 to 17 hexadecimal digits'],
  [{ InstanceId }, `service of ${InstanceId} is null, allowed is a unit`],
  [{ InstanceId, service: '$(id).service' }, `service of ${InstanceId} is "$(id).service", allowed is a unit`],
])('S1: %j names none', (dimensions, problem) => {
  expect(restartedService(dimensions)).toEqual({ problem });
});
