import { bootTestInstance, describeWithInstances } from './test-instance.ts';

const seconds = (count: number) => new Promise((resolve) => setTimeout(resolve, count * 1000));

describeWithInstances('CPU accounting', () => {
  test('a hog in one instance shows there, and in no other', async () => {
    const [busy, idle] = await Promise.all([bootTestInstance(), bootTestInstance()]);
    try {
      await busy.run('(while :; do :; done) >/dev/null 2>&1 & (while :; do :; done) >/dev/null 2>&1 &');
      await Promise.all([busy.instance.metrics(), idle.instance.metrics()]);
      await seconds(1.5);
      expect((await busy.instance.metrics()).cpuUsageActivePercent).toBeGreaterThan(95);
      expect((await idle.instance.metrics()).cpuUsageActivePercent).toBeLessThan(5);
      expect(await idle.run("awk '{ print ($1 < 0.5) }' /proc/loadavg")).toBe('1');
    } finally {
      await Promise.all([busy.remove(), idle.remove()]);
    }
  });

  test('processes that live shorter than a sample count by their parent', async () => {
    const { instance, run, remove } = await bootTestInstance();
    try {
      await run('(while :; do bash -c "for i in {1..2000}; do :; done"; done) >/dev/null 2>&1 &');
      await instance.metrics();
      await seconds(1.5);
      expect((await instance.metrics()).cpuUsageActivePercent).toBeGreaterThan(60);
    } finally {
      await remove();
    }
  });
});
