import orders from '../../examples/orders/self-healing.config.ts';
import { remediesOf } from '../../lib/config/remedies-of.ts';
import type { InsideResult } from '../../sandbox/instance/instance.ts';
import { measure, measurementsOf } from '../../sandbox/measurements.ts';

const measurements = measurementsOf(remediesOf(orders));

test('remedies whose metric the CloudWatch agent does not have are measured by their own script', () => {
  expect(measurements.map(({ metricName }) => metricName)).toEqual(['orders_old_locks', 'orders_stuck']);
  expect(measurementsOf(remediesOf({}))).toEqual([]);
  for (const { script } of measurements) expect(script).toMatch(/^#!\/usr\/bin\/env bash\n/);
});

/** What an instance answers whose every script ends so. */
const instance = (exitCode: number | null, stdout: string) => ({
  exec: (): Promise<InsideResult> => Promise.resolve({ exitCode, stdout, stderr: '', timedOut: false }),
});

test('what they print is the value', async () => {
  expect(await measure(instance(0, '12\n'), measurements)).toEqual([
    { metricName: 'orders_old_locks', value: 12 },
    { metricName: 'orders_stuck', value: 12 },
  ]);
});

test.each<[string, number | null, string]>([
  ['fails', 1, '0\n'],
  ['is killed', null, '0\n'],
  ['prints no number', 0, ''],
  ['prints more than a number', 0, '1 lock\n'],
])('a measurement that %s is none: missing data never counts as recovered', async (_, exitCode, stdout) => {
  expect(await measure(instance(exitCode, stdout), measurements)).toEqual([]);
});
