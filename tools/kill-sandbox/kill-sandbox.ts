import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { comes, randomMoment } from './moment.ts';
import { leftovers, uncleared } from './leftovers.ts';
import { seeded } from './seeded.ts';
import { type SandboxEnd, SupervisedSandbox } from './supervised-sandbox.ts';

export interface KillOptions {
  readonly kills: number;
  readonly seed: number;
  /** What the last start has to do: come up, or heal everything that the tour breaks. */
  readonly last: 'comes-up' | 'tour';
  readonly print: (line: string) => void;
}

const FIRST_GUESS_MILLIS = 4000;
const KILLED = -9;
const ENDED_IN_ORDER = 130;

/**
 * Starts the sandbox again and again in one folder and on one port, kills it with KILL at random moments, half of them
 * before it is up, and looks for what is left. Each kill is followed by a start that has to come up. The answer is what
 * went wrong, one clause each.
 */
export async function killSandbox({ kills, seed, last, print }: KillOptions): Promise<string[]> {
  const random = seeded(seed);
  const folder = mkdtempSync(join(tmpdir(), 'kill-sandbox-'));
  const options = ['--port', String(await freePort()), '--instances', '2', '--speed', '60'];
  const wrong: string[] = [];
  let startMillis = FIRST_GUESS_MILLIS;
  let mustComeUp = false;
  const check = (what: string, problems: readonly string[]): void => {
    for (const problem of problems) {
      wrong.push(`${what}: ${problem}`);
      print(`      WRONG ${problem}`);
    }
  };
  const startThatComesUp = async (what: string, more: readonly string[] = []): Promise<SupervisedSandbox> => {
    const sandbox = new SupervisedSandbox(folder, [...options, ...more]);
    if (await sandbox.comesUp()) {
      startMillis = Date.now() - sandbox.startedAtMillis;
      check(what, uncleared(folder, sandbox.startedAtMillis));
    } else {
      check(what, [`it did not come up: ${sandbox.output}`]);
    }
    return sandbox;
  };
  const checkEnd = (what: string, end: SandboxEnd, output: string, expected: number): void => {
    print(`${what}; all that it had started ended within ${end.goneAfterSeconds} s`);
    if (end.exitCode !== expected) check(what, [`it ended ${end.exitCode}, not ${expected}: ${output}`]);
    check(what, [...end.left.map((process) => `process ${process}`), ...leftovers(folder)]);
  };

  for (let kill = 1; kill <= kills; kill++) {
    const moment = randomMoment(random);
    const isUp = moment.kind === 'touring';
    if (mustComeUp && !isUp) {
      const sandbox = await startThatComesUp(`before kill ${kill}`);
      checkEnd('ended in order', await sandbox.end('SIGINT'), sandbox.output, ENDED_IN_ORDER);
    }
    const sandbox = isUp ? await startThatComesUp(`kill ${kill}`) : new SupervisedSandbox(folder, options);
    const when = await comes(moment, sandbox, startMillis);
    checkEnd(`kill ${kill} of ${kills}, ${when}`, await sandbox.end('SIGKILL'), sandbox.output, KILLED);
    mustComeUp = true;
  }
  const sandbox = await startThatComesUp('the last start', last === 'tour' ? ['--once', '--speed', '12'] : []);
  const end = await (last === 'tour' ? sandbox.ended : sandbox.end('SIGINT'));
  checkEnd('the last start', end, sandbox.output, last === 'tour' ? 0 : ENDED_IN_ORDER);
  rmSync(folder, { recursive: true });
  return wrong;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
