import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import type { SandboxInstance } from './instance.ts';
import { restoreDisks } from './keep-disks.ts';
import { NamespaceInstance } from './namespace-instance.ts';
import { namespaces } from './namespaces.ts';

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
  /** Archive of the disks that it had before; read and removed. @default its disks are new */
  readonly disksArchive?: string;
}

/** The instance did not come up; the message ends with what `boot.sh` said. */
export class InstanceBootFailed extends Error {
  override readonly name = 'InstanceBootFailed';
}

const BOOT_SCRIPT = join(import.meta.dirname, 'boot.sh');
const BOOT_TIMEOUT_MILLIS = 15_000;

/** Starts an instance and resolves once commands can run in it; fails with `InstanceBootFailed`. */
export async function bootInstance(options: BootOptions): Promise<SandboxInstance> {
  const way = namespaces();
  if (way.users === 'none') {
    throw new InstanceBootFailed(`instance ${options.instanceId} did not boot: no namespaces: ${way.why}`);
  }
  const sizes = [options.rootDiskMebibytes, options.dataDiskMebibytes].map(String);
  const child = spawn('unshare', [...way.make, '--', 'bash', BOOT_SCRIPT, options.folder, options.hostname, ...sizes], {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LANG: 'C.UTF-8', HOME: '/root' },
    // Nothing is ever written to its standard input. The pipe ends when this process does, however and at whatever
    // moment that ends, and the instance's pid 1 with it. (A signal on the parent's death is not sent to a child
    // whose parent died before it asked for it.)
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  // Its other end goes where the instance does.
  child.stdin.on('error', () => {});
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
  if (options.disksArchive !== undefined) await restoreDisks(`/proc/${initPid}/root`, options.disksArchive);
  return new NamespaceInstance(options, way, exited, initPid);
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
