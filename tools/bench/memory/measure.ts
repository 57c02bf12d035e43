import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { scriptOf } from '../../../lib/document-content.ts';
import memoryPressure from '../../../remedies/memory-pressure/remedy.ts';
import type { Section } from '../table.ts';
import { type Verdict, judge, judgeFirst } from './judge.ts';
import { type Holder, POLICY, SCENARIOS, USERS } from './scenarios.ts';

/** earlyoom as an operator configures it who wants the same as we do, at our threshold, and as Debian's package starts it. */
const PEERS = {
  'earlyoom with lists': ['earlyoom', '--dryrun', '-m', '5,2', '--prefer', POLICY.prefer, '--avoid', POLICY.avoid],
  'earlyoom as shipped': ['earlyoom', '--dryrun', '-r', '3600'],
} as const;

const place = z.number();
const answer = z.object({
  peers: z.record(z.string(), place),
  ours: z.object({ stopped: z.array(place), gone: z.array(place), usedPercent: z.number() }),
});

/** Whom our repair stops where memory is short, beside whom earlyoom would stop, of the same processes. */
export async function measureMemory(folder: string): Promise<Section[]> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'repair.sh'), scriptOf(memoryPressure, 'repair'));
  const ours: Verdict[] = [];
  const theirs = new Map<string, Verdict[]>(Object.keys(PEERS).map((name) => [name, []]));
  const lines: string[] = [];
  for (const [index, { name, holders }] of SCENARIOS.entries()) {
    const said = answer.parse(JSON.parse(await runRig(join(folder, 'repair.sh'), holders)));
    const our = judge(holders, said.ours);
    ours.push(our);
    lines.push(`${index + 1}. ${name}`, `   ours: ${our.line}`);
    for (const [peer, verdicts] of theirs) {
      const verdict = judgeFirst(holders, place.parse(said.peers[peer]));
      verdicts.push(verdict);
      lines.push(`   ${peer}: ${verdict.line}`);
    }
  }
  const version = spawnSync('earlyoom', ['-v'], { encoding: 'utf8' }).stderr.trim();
  const rows = (of: (verdict: Verdict) => number) =>
    [...theirs].map(([peer, verdicts]) => ({
      name: `beside ${peer}`,
      ours: sum(ours.map(of)),
      bare: sum(verdicts.map(of)),
      limit: 0,
    }));
  return [
    {
      title: `Memory: wrong victims in ${SCENARIOS.length} scenarios, beside ${version}`,
      unit: '',
      rows: rows(({ isRight }) => (isRight ? 0 : 1)),
      lines,
    },
    {
      title: 'Memory: processes stopped that should not be, of earlyoom its first alone',
      unit: '',
      rows: rows(({ collateral }) => collateral),
    },
  ];
}

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);

async function runRig(script: string, holders: readonly Holder[]): Promise<string> {
  const parameters = { AttemptId: 'bench', Fence: '1', Expendable: POLICY.expendable, Protected: POLICY.protected };
  const order = {
    users: USERS,
    holders: holders.map(({ user, ...holder }) => ({
      ...holder,
      ...(user === undefined ? {} : { user: USERS[user] }),
    })),
    peers: PEERS,
    repair: {
      command: ['bash', script],
      environment: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`SSM_${name}`, value])),
    },
  };
  const apart = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...apart, 'python3', join(import.meta.dirname, 'rig.py')], { stdio: 'pipe' });
  child.stdin.end(JSON.stringify(order));
  const [said, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`whom a shortage of memory stops could not be measured: ${complaint}`);
  return said;
}
