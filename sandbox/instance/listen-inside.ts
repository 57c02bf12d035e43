import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Server } from 'node:net';
import { text } from 'node:stream/consumers';
import { join } from 'node:path';
import type { Namespaces } from './namespaces.ts';

/** Of the options that enter an instance, those that its network needs. */
const NETWORK = ['--user', '--preserve-credentials', '--net'];
const LISTENER = join(import.meta.dirname, 'hand-over-listener.ts');

/**
 * A server of this process that listens on the loopback of the instance whose pid 1 the machine knows as `initPid`: a
 * socket stays in the network namespace that it was made in, whoever is given it.
 */
export async function listenInside(initPid: number, { enter }: Namespaces): Promise<Server> {
  const network = enter.filter((option) => NETWORK.includes(option));
  const child = spawn('nsenter', ['--target', String(initPid), ...network, '--', process.execPath, LISTENER], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const stderr = child.stderr === null ? Promise.resolve('') : text(child.stderr).catch(String);
  const server = await Promise.race([
    once(child, 'message').then(([, handle]): unknown => handle),
    once(child, 'exit').then((): unknown => undefined),
  ]);
  if (child.connected) child.disconnect();
  if (server instanceof Server) return server;
  throw new Error(`no server in the instance of pid ${initPid}: ${await stderr}`);
}
