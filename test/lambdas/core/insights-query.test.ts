import { fleetQuery, reportingQuery, targetQuery } from '../../../lambdas/core/insights-query.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';

test('a fleet alarm asks for one series a contributor, worst first', () => {
  expect(fleetQuery(diskFull.detection, 'SelfHealing')).toBe(
    'SELECT MAX(disk_used_percent) FROM SCHEMA("SelfHealing", InstanceId, fstype, path) GROUP BY InstanceId, path ORDER BY MAX() DESC',
  );
  expect(fleetQuery(cpuSaturated.detection, 'SelfHealing')).toBe(
    'SELECT AVG(cpu_usage_active) FROM SCHEMA("SelfHealing", InstanceId, cpu) GROUP BY InstanceId ORDER BY AVG() DESC',
  );
});

test('whether metrics arrive is asked by instance', () => {
  expect(reportingQuery(diskFull.detection, 'SelfHealing')).toBe(
    'SELECT MAX(disk_used_percent) FROM SCHEMA("SelfHealing", InstanceId, fstype, path) GROUP BY InstanceId ORDER BY MAX() DESC',
  );
});

test('one target is asked for by instance and part', () => {
  expect(targetQuery(diskFull.detection, 'SelfHealing', 'i-0123456789abcdef0', '/data')).toBe(
    "SELECT MAX(disk_used_percent) FROM SCHEMA(\"SelfHealing\", InstanceId, fstype, path) WHERE InstanceId = 'i-0123456789abcdef0' AND path = '/data'",
  );
  expect(targetQuery(cpuSaturated.detection, 'SelfHealing', 'i-0123456789abcdef0', '')).toBe(
    'SELECT AVG(cpu_usage_active) FROM SCHEMA("SelfHealing", InstanceId, cpu) WHERE InstanceId = \'i-0123456789abcdef0\'',
  );
});
