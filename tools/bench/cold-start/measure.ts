import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import * as z from 'zod/mini';
import { type FunctionKey, FUNCTIONS, kebabCase } from '../../../lambdas/core/names.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.ts';
import { FIRST_INVOCATIONS } from './first-invocations.ts';

/** The most that a function's cold start may be of its baseline's. */
const LIMIT = 1.2;

const STARTER = join(import.meta.dirname, 'start-once.mjs');
const started = z.object({ wallMillis: z.number(), cpuMillis: z.number(), firstCall: z.string() });
type Started = z.infer<typeof started>;

/** Folders that hold `<function>/index.mjs`, and the environment that each function is deployed with. */
export interface ColdStartInput {
  readonly ours: string;
  readonly baselines: string;
  readonly environmentOf: (key: FunctionKey) => Readonly<Record<string, string>>;
  /** Starts of each bundle; ours and the baseline's take turns. */
  readonly starts: number;
}

/** Starts every function and its baseline in fresh processes, by turns; answers with the medians. */
export async function measureColdStarts(input: ColdStartInput): Promise<{ cpu: Row[]; wall: Row[] }> {
  const cpu: Row[] = [];
  const wall: Row[] = [];
  for (const key of FUNCTIONS) {
    const ours: Started[] = [];
    const bare: Started[] = [];
    for (let turn = 0; turn < input.starts; turn++) {
      ours.push(await startOnce(input, input.ours, key));
      bare.push(await startOnce(input, input.baselines, key));
    }
    requireSameCalls(key, ours, bare);
    const name = kebabCase(key);
    const of = (runs: readonly Started[], take: (run: Started) => number): number => median(runs.map(take));
    const cpuOf = ({ cpuMillis }: Started): number => cpuMillis;
    const wallOf = ({ wallMillis }: Started): number => wallMillis;
    cpu.push({ name, ours: of(ours, cpuOf), bare: of(bare, cpuOf), limit: LIMIT });
    wall.push({ name, ours: of(ours, wallOf), bare: of(bare, wallOf) });
  }
  return { cpu, wall };
}

async function startOnce(input: ColdStartInput, folder: string, key: FunctionKey): Promise<Started> {
  const bundle = join(folder, kebabCase(key));
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [STARTER, pathToFileURL(join(bundle, 'index.mjs')).href, JSON.stringify(FIRST_INVOCATIONS[key].event)],
    { env: { ...input.environmentOf(key), LAMBDA_TASK_ROOT: bundle } },
  );
  // a function may log before its first call: the last line is the starter's
  return started.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

/** Both must stop at the same call, or the comparison would say nothing. */
function requireSameCalls(key: FunctionKey, ours: readonly Started[], bare: readonly Started[]): void {
  const calls = (runs: readonly Started[]): string => [...new Set(runs.map(({ firstCall }) => firstCall))].join(', ');
  if (calls(ours) !== calls(bare)) {
    throw new Error(
      `${kebabCase(key)} first calls ${calls(ours)}, its baseline ${calls(bare)}: mend tools/bench/cold-start/first-invocations.ts`,
    );
  }
}
