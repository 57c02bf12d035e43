import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWithInstances } from './test-instance.ts';

describeWithInstances('an instance whose owner is killed', () => {
  test('is gone shortly after, with all its processes', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'instance-'));
    const owner = spawn(process.execPath, [join(import.meta.dirname, 'boot-and-wait.ts'), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await once(owner.stdout, 'data');
    const initPid = String(line).trim();
    const namespace = await readlink(`/proc/${initPid}/ns/pid`);
    expect(await processesIn(namespace)).not.toEqual([]);

    owner.kill('SIGKILL');
    await once(owner, 'exit');

    const deadline = Date.now() + 5000;
    while ((await processesIn(namespace)).length > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(await processesIn(namespace)).toEqual([]);
    expect(await readdir(join(folder, 'root'))).toEqual([]);
    expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain(folder);
    await rm(folder, { recursive: true });
  });
});

async function processesIn(namespace: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const namespaces = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/pid`).catch(() => '')));
  return pids.filter((_, index) => namespaces[index] === namespace);
}
