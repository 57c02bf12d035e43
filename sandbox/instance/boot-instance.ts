import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import type { SandboxInstance } from './instance.ts';
import { NamespaceInstance } from './namespace-instance.ts';

/** What an instance shall be. */
export interface BootOptions {
  readonly instanceId: string;
  readonly hostname: string;
  /** Folder of its own that exists; it stays empty on the machine's disk. */
  readonly folder: string;
  readonly vcpus: number;
  readonly memoryMebibytes: number;
  readonly rootDiskMebibytes: number;
  readonly dataDiskMebibytes: number;
}

/** The instance did not come up; the message ends with what `boot.sh` said. */
export class InstanceBootFailed extends Error {
  override readonly name = 'InstanceBootFailed';
}

const BOOT_SCRIPT = join(import.meta.dirname, 'boot.sh');
const BOOT_TIMEOUT_MILLIS = 15_000;
/** Whoever ends this process, also with KILL, ends the instance: the kernel passes it on at each step. */
const PASS_ON_DEATH = ['--pdeathsig', 'KILL', '--'];
const NAMESPACES = '--pid --fork --kill-child --mount --uts --ipc --net --propagation private'.split(' ');

/** Starts an instance and resolves once commands can run in it; fails with `InstanceBootFailed`. */
export async function bootInstance(options: BootOptions): Promise<SandboxInstance> {
  const sizes = [options.rootDiskMebibytes, options.dataDiskMebibytes].map(String);
  const child = spawn(
    'setpriv',
    [...PASS_ON_DEATH, 'unshare', ...NAMESPACES, '--', 'bash', BOOT_SCRIPT, options.folder, options.hostname, ...sizes],
    {
      cwd: '/',
      detached: true,
      env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const stderr = text(child.stderr).catch((error: unknown) => String(error));
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), BOOT_TIMEOUT_MILLIS);
  const initPid = await readyPid(child, exited);
  clearTimeout(timer);
  if (initPid === undefined) {
    throw new InstanceBootFailed(`instance ${options.instanceId} did not boot: ${(await stderr).trim()}`);
  }
  return new NamespaceInstance(options, exited, initPid);
}

/** The pid in the line `ready <pid>`; `undefined` where the process ended before. */
async function readyPid(child: ChildProcess, exited: Promise<void>): Promise<number | undefined> {
  if (child.stdout === null) return undefined;
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line').then(([first]) => String(first)), exited]);
  lines.close();
  const pid = Number(/^ready (\d+)$/.exec(line ?? '')?.[1]);
  return Number.isInteger(pid) ? pid : undefined;
}
