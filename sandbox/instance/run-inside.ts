import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import type { InsideCommand, InsideResult } from './instance.ts';
import { killSession } from './kill-session.ts';
import type { Namespaces } from './namespaces.ts';

const PATH = '/opt/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const DEFAULT_OUTPUT_BYTES = 1024 * 1024;
/** Time for output to arrive after the command's end; a process that it left behind may hold the pipe for ever. */
const DRAIN_MILLIS = 200;

/** Without what is the machine's and no mount can hide: its clock, devices, kernel modules and log. */
const WITHHELD = '-sys_time,-sys_module,-sys_rawio,-mknod,-syslog';
const CONFINED = ['setpriv', '--bounding-set', WITHHELD, '--', 'setsid', '--'];

/** Runs a command in all namespaces of the instance whose pid 1 the machine knows as `initPid`; it ends with that pid 1. */
export async function runInside(initPid: number, { enter }: Namespaces, inside: InsideCommand): Promise<InsideResult> {
  const child = spawn('nsenter', ['--target', String(initPid), ...enter, '--', ...CONFINED, ...inside.command], {
    cwd: '/',
    // Away from the terminal's Ctrl-C: who stops the sandbox stops its instances in order.
    detached: true,
    env: {
      HOME: '/root',
      LANG: 'C.UTF-8',
      LOGNAME: 'root',
      PATH,
      SHELL: '/bin/bash',
      USER: 'root',
      ...inside.environment,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  // Where it could not be started, `exited` says so.
  const closed = once(child, 'close').catch(() => []);
  const limit = inside.maximumOutputBytes ?? DEFAULT_OUTPUT_BYTES;
  const stdout = collect(child.stdout, limit);
  const stderr = collect(child.stderr, limit);
  // A command may end without having read it all.
  child.stdin.on('error', () => {});
  child.stdin.end(inside.stdin ?? '');

  let timedOut = false;
  const kill = () => killSession(child);
  const timer =
    inside.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          kill();
        }, inside.timeoutSeconds * 1000);
  if (inside.abortSignal?.aborted) kill();
  inside.abortSignal?.addEventListener('abort', kill);

  try {
    await exited;
    await Promise.race([closed, delay(DRAIN_MILLIS)]);
    return { exitCode: child.exitCode, stdout: stdout(), stderr: stderr(), timedOut };
  } finally {
    clearTimeout(timer);
    inside.abortSignal?.removeEventListener('abort', kill);
    child.stdout.destroy();
    child.stderr.destroy();
  }
}

/** Keeps the stream's first `limit` bytes; the returned function gives them as text. */
function collect(stream: Readable, limit: number): () => string {
  const chunks: Buffer[] = [];
  let kept = 0;
  stream.on('data', (chunk: Buffer) => {
    const part = chunk.subarray(0, limit - kept);
    kept += part.length;
    if (part.length > 0) chunks.push(part);
  });
  return () => Buffer.concat(chunks).toString('utf8');
}

function delay(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis).unref();
  });
}
