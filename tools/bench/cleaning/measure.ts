import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import * as z from 'zod/mini';
import { scriptOf } from '../../../lib/document-content.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.ts';

/** Old files that are deleted, and how often each program does so. */
const FILES = 200_000;
const ROUNDS = 5;

const run = z.object({ millis: z.number(), cpuMillis: z.number(), wrong: z.record(z.string(), z.number()) });
const results = z.record(z.string(), z.array(run));
type Run = z.infer<typeof run>;
type Runs = readonly Run[];

interface Program {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

interface Cleaning {
  readonly time: Row[];
  readonly cpu: Row[];
  readonly wrong: Row[];
}

/** Our repair beside what else deletes old files: how long each takes, and how many files it should not have deleted. */
export async function measureCleaning(folder: string): Promise<Cleaning> {
  mkdirSync(folder);
  const fast = await beside(join(folder, 'fast'), FILES, {
    find: ['find', 'MOUNT/pile', '-xdev', '-type', 'f', '-mmin', '+1440', '-delete'],
    tmpreaper: ['tmpreaper', '--mtime', '--runtime=0', '24h', 'MOUNT/pile'],
    'systemd-tmpfiles': ['systemd-tmpfiles', '--clean', join(folder, 'fast', 'tmpfiles.conf')],
  });
  const limits = { find: 1.3, tmpreaper: 1 };
  return {
    time: rows(fast, ({ millis }) => millis, limits),
    cpu: rows(fast, ({ cpuMillis }) => cpuMillis, {}),
    wrong: Object.entries(fast.peers).map(([name, theirs]) => ({
      name: `beside ${name}`,
      ours: mostWrong(fast.ours),
      bare: mostWrong(theirs),
    })),
  };
}

interface Measured {
  readonly ours: Runs;
  readonly peers: Readonly<Record<string, Runs>>;
}

/** Runs our repair and these commands by turns; throws where ours deleted a decoy, or any left what it should delete. */
async function beside(folder: string, files: number, commands: Record<string, string[]>): Promise<Measured> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'repair.sh'), scriptOf(diskFull, 'repair'));
  writeFileSync(join(folder, 'tmpfiles.conf'), `e ${join(folder, 'disk')}/pile - - - m:1d\n`);
  const peers = Object.entries(commands).map(([name, command]) => [name, { command, environment: {} }] as const);
  const programs = { ours: ourRepair(join(folder, 'repair.sh')), ...Object.fromEntries(peers) };
  const { ours = [], ...others } = await runRig({ folder, files, rounds: ROUNDS, programs });
  if (mostWrong(ours) > 0) throw new Error(`ours deleted decoys: ${JSON.stringify(ours.map(({ wrong }) => wrong))}`);
  return { ours, peers: others };
}

function ourRepair(script: string): Program {
  const parameters = {
    AttemptId: 'bench',
    Fence: '1',
    MountPath: 'MOUNT',
    ThresholdPercent: '1',
    StopAtPercent: '1',
    AgeBy: 'modification',
    CleanableFolders: 'MOUNT/pile',
  };
  return {
    // its state goes with each run: the same attempt would answer what it answered before
    command: ['bash', '-c', 'rm -rf /run/self-healing; exec bash "$0"', script],
    environment: Object.fromEntries(Object.entries(parameters).map(([name, value]) => [`SSM_${name}`, value])),
  };
}

function rows({ ours, peers }: Measured, of: (one: Run) => number, limits: Readonly<Record<string, number>>): Row[] {
  return Object.entries(peers).map(([name, theirs]) => {
    const limit = limits[name];
    const row = { name: `over ${name}`, ours: median(ours.map(of)), bare: median(theirs.map(of)) };
    return limit === undefined ? row : { ...row, limit };
  });
}

const mostWrong = (all: Runs): number =>
  Math.max(...all.map(({ wrong }) => Object.values(wrong).reduce((sum, count) => sum + count, 0)));

async function runRig(order: Record<string, unknown>): Promise<z.infer<typeof results>> {
  const rig = ['python3', join(import.meta.dirname, 'rig.py')];
  const apart = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...apart, ...rig], { stdio: 'pipe' });
  child.stdin.end(JSON.stringify(order));
  const [said, complaint, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  if (code !== 0) throw new Error(`the cleaning could not be measured: ${complaint}`);
  return results.parse(JSON.parse(said));
}
