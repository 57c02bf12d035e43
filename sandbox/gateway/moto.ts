import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { findPython, INSTALL_MOTO } from './python.ts';

const START_SECONDS = 30;

/**
 * `python -m moto.server` that ends when its standard input does: when this process dies, however and whenever.
 * (A signal on the parent's death is not sent to a child whose parent died before it asked for it.)
 */
const UNTIL_STDIN_ENDS = `
import os, runpy, sys, threading
def end_with_parent():
    sys.stdin.buffer.read()
    os._exit(0)
threading.Thread(target=end_with_parent, daemon=True).start()
sys.argv[0] = "moto.server"
runpy.run_module("moto.server", run_name="__main__")
`;

/** The AWS emulator could not be started; the message says what to do. */
export class MotoUnavailable extends Error {}

/** The AWS emulator as a child process that dies with this one. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * Starts moto on a free loopback port; it logs to `moto.log` in `folder`, which is made where it is not there.
 * Rejects with {@link MotoUnavailable} where something is missing or it does not answer within 30 s.
 */
export async function startMoto(options: { folder: string }): Promise<Moto> {
  const python = await findPython();
  if (python === undefined) {
    throw new MotoUnavailable(`the AWS emulator moto is missing: npm start makes it, or ${INSTALL_MOTO}`);
  }
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, 'moto.log');
  const log = openSync(logFile, 'w');
  const child = spawn(python, ['-c', UNTIL_STDIN_ENDS, '-H', '127.0.0.1', '-p', '0'], {
    stdio: ['pipe', log, log],
    env: motoEnvironment(),
  });
  child.stdin?.on('error', () => {});
  closeSync(log);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
  const stop = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  try {
    return { endpoint: await endpointOf(child, logFile), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Settings of a person's own AWS account must not reach the emulator. */
function motoEnvironment(): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_') && !name.startsWith('MOTO_'));
  return { ...Object.fromEntries(own), MOTO_ACCOUNT_ID: '123456789012', PYTHONUNBUFFERED: '1' };
}

async function endpointOf(child: ChildProcess, logFile: string): Promise<string> {
  const deadline = Date.now() + START_SECONDS * 1000;
  while (Date.now() < deadline && child.exitCode === null && child.signalCode === null) {
    const endpoint = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(readFileSync(logFile, 'utf8'))?.[1];
    if (endpoint !== undefined && (await answers(endpoint))) return endpoint;
    await wait(25);
  }
  const last = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) ?? '';
  throw new MotoUnavailable(`moto did not answer within ${START_SECONDS} s, see ${logFile}; its last line: ${last}`);
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    const response = await fetch(`${endpoint}/moto-api/`);
    await response.arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
