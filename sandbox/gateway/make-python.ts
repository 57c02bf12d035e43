import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { INSTALL_MOTO, MOTO, PROBE, PYTHON_PLACES } from './python.ts';

const SCRIPT = join(import.meta.dirname, 'make-python.sh');

/**
 * Makes a virtual environment with moto in `ownFolder`, by the `python3` of the PATH and pip; takes a minute.
 * The answer is what is missing for that, with the way to get it; `undefined` once the environment is there.
 */
export async function makePython(places = PYTHON_PLACES): Promise<string | undefined> {
  const { environment: env, ownFolder } = places;
  const fails = (script: string) => spawnSync('python3', ['-c', script], { env }).status !== 0;
  if (fails('')) return `python3: apt-get install python3 python3-venv (then start again, the rest is made here)`;
  if (fails('import sys; assert sys.version_info >= (3, 10)')) return 'Python 3.10 or newer under the name python3';
  if (fails('import venv, ensurepip')) {
    return `python3's modules venv and ensurepip: apt-get install python3-venv; or moto in python3 itself: ${INSTALL_MOTO}`;
  }
  const child = spawn('bash', [SCRIPT, ownFolder, MOTO, PROBE], {
    // In a group of its own, with a pipe that ends when this process does: then the whole group is killed.
    detached: true,
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => {});
  const output = Promise.all([text(child.stdout), text(child.stderr)]);
  const [exitCode] = await once(child, 'exit');
  if (exitCode === 0) return undefined;
  const lines = (await output).join('\n').trim().split('\n');
  const reason = lines.findLast((line) => /error/i.test(line)) ?? lines.at(-1) ?? '';
  return `the AWS emulator moto; pip could not install ${MOTO} into ${ownFolder} (${reason.trim()}): give it PIP_INDEX_URL (a mirror), PIP_PROXY, or PIP_NO_INDEX=1 and PIP_FIND_LINKS (a folder of wheels); or have moto in python3 itself: ${INSTALL_MOTO}`;
}
