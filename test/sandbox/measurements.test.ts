import orders from '../../examples/orders/self-healing.config.ts';
import { remediesOf } from '../../lib/config/remedies-of.ts';
import type { InsideCommand, InsideResult } from '../../sandbox/instance/instance.ts';
import { type Measurement, measurementsOf } from '../../lib/kept/measurements.ts';
import { measure } from '../../sandbox/measurements.ts';

const measurements = measurementsOf(remediesOf(orders), orders);

test('remedies whose metric the CloudWatch agent does not have are measured by their own script', () => {
  expect(measurements.map(({ metricName }) => metricName)).toEqual(
    expect.arrayContaining(['orders_old_locks', 'orders_stuck']),
  );
  for (const { script } of measurements) expect(script).toMatch(/^#!\/usr\/bin\/env bash\n/);
});

const locks: Measurement = {
  metricName: 'locks',
  script: 'echo 12',
  environment: { SSM_Age: '5' },
};
const disks: Measurement = { ...locks, metricName: 'inodes', partDimension: 'path' };

/** An instance whose every script ends so. */
const instance = (exitCode: number | null, stdout: string) => {
  const asked: InsideCommand[] = [];
  const exec = (command: InsideCommand): Promise<InsideResult> => {
    asked.push(command);
    return Promise.resolve({ exitCode, stdout, stderr: '', timedOut: false });
  };
  return { exec, asked };
};

test('what they print is the value; the settings are their environment', async () => {
  const one = instance(0, '12\n');
  expect(await measure(one, [locks])).toEqual([
    { metricName: 'locks', value: 12, dimensions: { metric_type: 'gauge' } },
  ]);
  expect(one.asked.map(({ environment }) => environment)).toEqual([{ SSM_Age: '5' }]);
});

test('where the metric tells parts apart, each line is the value of one', async () => {
  expect(await measure(instance(0, '12 /\n95 /data\n'), [disks])).toEqual([
    { metricName: 'inodes', value: 12, dimensions: { path: '/', metric_type: 'gauge' } },
    { metricName: 'inodes', value: 95, dimensions: { path: '/data', metric_type: 'gauge' } },
  ]);
});

test.each<[string, Measurement, number | null, string]>([
  ['fails', locks, 1, '0\n'],
  ['is killed', locks, null, '0\n'],
  ['prints no number', locks, 0, ''],
  ['prints more than a number', locks, 0, '1 lock s\n'],
  ['names a part where there are none', locks, 0, '1 /data\n'],
  ['names no part where there are some', disks, 0, '1\n'],
  ['names a part by what the StatsD input reads as more', disks, 0, '1 /data|c\n'],
  ['has one line that is none', disks, 0, '1 /\nx /data\n'],
])('a measurement that %s is none: missing data never counts as recovered', async (_, one, exitCode, stdout) => {
  expect(await measure(instance(exitCode, stdout), [one])).toEqual([]);
});
