import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { queueStuck, remedyFolder } from '../config/own-slice.ts';
import { FIRST, startKeptInstance } from './kept-instance.ts';

const page = readFileSync(join(import.meta.dirname, '../../../docs/removal.md'), 'utf8');

test('the commands of docs/removal.md leave nothing of what was kept, and restart nothing', async () => {
  const [, section = ''] = page.split('\n## 4. What was kept on instances\n');
  const commands = (section.split('\n## ')[0] ?? '').split('\n').filter((line) => line.startsWith('    '));
  expect(commands).toHaveLength(4);
  const instance = await startKeptInstance(1024);
  try {
    const left = () =>
      instance.ask(
        `find / -xdev -name '*self-healing*' ! -path '/given/*' ! -path '/proc/*'; ls /usr/local/lib; systemctl list-unit-files 'self-healing*' | tail -n 1; systemctl show -p MainPID,NRestarts,ActiveState orders`,
      );
    await instance.ask(
      "printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n' >/etc/systemd/system/orders.service; systemctl daemon-reload; systemctl start orders",
    );
    const before = await left();
    expect(before).toMatch(/^0 unit files listed\.\nMainPID=[1-9]\d*\n/);
    const kept = await instance.keep({
      ownRemedies: {
        folder: remedyFolder({ 'measure.sh': 'echo 1\n' }),
        slices: [{ ...queueStuck, detection: { ...queueStuck.detection, dimensions: ['InstanceId', 'metric_type'] } }],
      },
      keep: { first: FIRST, measurements: { port: 18_125 }, ballast: { mebibytes: 16 } },
      services: [{ unit: 'orders.service', restartsOnHost: true }],
    });
    expect(kept).toMatchObject({ code: 0 });
    expect((await left()).split('\n').length).toBeGreaterThan(8);
    await instance.ask(commands.join('\n'));
    // folders that may hold the list of what was deleted stay
    expect((await left()).replace('/var/lib/self-healing\n', '')).toBe(before);
  } finally {
    await instance.close();
  }
});
