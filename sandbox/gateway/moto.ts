import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';

const INSTALL = "python3 -m pip install 'moto[server]==5.2.1'";
const OLDEST = [5, 2] as const;
const START_SECONDS = 30;

/** The AWS emulator could not be started; the message says what to do. */
export class MotoUnavailable extends Error {}

/** The AWS emulator as a child process that dies with this one. */
export interface Moto {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** What is missing to start moto, with the command that mends it; undefined where nothing is. Looks on the PATH of `env`. */
export async function missingMoto(env = process.env): Promise<string | undefined> {
  const found = await findPython(env);
  return typeof found === 'string' ? found : undefined;
}

/**
 * Starts moto on a free loopback port; it logs to `moto.log` in `folder`, which is made where it is not there.
 * Rejects with {@link MotoUnavailable} where something is missing or it does not answer within 30 s.
 */
export async function startMoto(options: { folder: string }): Promise<Moto> {
  const python = await findPython(process.env);
  if (typeof python === 'string') throw new MotoUnavailable(python);
  mkdirSync(options.folder, { recursive: true });
  const logFile = join(options.folder, 'moto.log');
  const log = openSync(logFile, 'w');
  // The kernel kills the child when this process dies, however it dies.
  const child = spawn(
    'setpriv',
    ['--pdeathsig', 'KILL', '--', python.executable, '-m', 'moto.server', '-H', '127.0.0.1', '-p', '0'],
    { stdio: ['ignore', log, log], env: motoEnvironment() },
  );
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

/** The interpreter itself, not a shim on the PATH: a shim's child would outlive it. A sentence where it is missing. */
async function findPython(env: NodeJS.ProcessEnv): Promise<{ executable: string } | string> {
  const script = 'import sys, importlib.metadata as m, moto.server; print(sys.executable); print(m.version("moto"))';
  try {
    await promisify(execFile)('setpriv', ['--version'], { env });
  } catch {
    return 'setpriv is missing: apt-get install util-linux';
  }
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', script], { env });
    const [executable = '', version = ''] = stdout.trim().split('\n');
    const [major = 0, minor = 0] = version.split('.').map(Number);
    const recent = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
    return recent ? { executable } : `moto ${version} is too old, ${OLDEST.join('.')} or later is needed: ${INSTALL}`;
  } catch (error) {
    const missing = typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
    if (missing) return `python3 is missing: apt-get install python3 python3-pip, then ${INSTALL}`;
    return `the AWS emulator moto is missing: ${INSTALL} (where pip refuses, first: python3 -m venv .venv && . .venv/bin/activate)`;
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
