import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killSandbox } from '../../tools/kill-sandbox/kill-sandbox.ts';
import { leftovers, uncleared } from '../../tools/kill-sandbox/leftovers.ts';
import { seeded } from '../../tools/kill-sandbox/seeded.ts';
import { describeWithInstances } from '../sandbox/instance/test-instance.ts';

jest.setTimeout(180_000);

describeWithInstances('a sandbox that is killed', () => {
  // Few, for their time; `npm run torture` does fifty.
  test('leaves nothing that the next start does not clear, and the next start comes up', async () => {
    const told: string[] = [];
    const wrong = await killSandbox({ kills: 3, seed: 2952, last: 'comes-up', print: (line) => told.push(line) });
    expect(wrong).toEqual([]);
    expect(told.filter((line) => line.startsWith('kill '))).toHaveLength(3);
  });
});

describe('what is looked for', () => {
  const REAPER = join(import.meta.dirname, '../../tools/kill-sandbox/reaper.py');

  /** Runs a shell script under the reaper, which waits a fifth of a second for what it leaves. */
  const reaped = (script: string) => {
    const { output } = spawnSync('python3', [REAPER, '0.2', 'bash', '-c', script], {
      stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      encoding: 'utf8',
    });
    return JSON.parse(output[3]?.split('\n')[1] ?? '');
  };

  test('a process that detached itself and outlives its family is found, and ended', () => {
    const end = reaped('(setsid setsid sleep 4327 & exec setsid sleep 4328) & sleep 0.1; kill -KILL $$');
    expect(end.exitCode).toBe(-9);
    expect(end.left.map((line: string) => line.replace(/^\d+ /, '')).toSorted()).toEqual(['sleep 4327', 'sleep 4328']);
    const { stdout } = spawnSync('pgrep', ['-f', '^sleep 432[78]$'], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test('a process that ends within the patience is none that was left', () => {
    expect(reaped('(setsid sleep 0.05 &); exit 3')).toMatchObject({ exitCode: 3, left: [] });
  });

  test('files outside its own folder are left behind; in it, those of an earlier start were not cleared', () => {
    const folder = mkdtempSync(join(tmpdir(), 'leftovers-'));
    try {
      mkdirSync(join(folder, '.sandbox/logs'), { recursive: true });
      writeFileSync(join(folder, '.sandbox/logs/moto.log'), '');
      expect(leftovers(folder)).toEqual([]);
      expect(uncleared(folder, Date.now() - 60_000)).toEqual([]);
      writeFileSync(join(folder, 'forgotten'), '');
      expect(leftovers(folder)).toEqual([`file ${folder}/forgotten`]);
      expect(uncleared(folder, Date.now() + 60_000)).toEqual([
        `file of an earlier run ${folder}/.sandbox/logs`,
        `file of an earlier run ${folder}/.sandbox/logs/moto.log`,
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

test('the same seed gives the same numbers, spread over the whole range', () => {
  const numbers = Array.from({ length: 1000 }, seeded(7));
  expect(Array.from({ length: 1000 }, seeded(7))).toEqual(numbers);
  expect(Array.from({ length: 1000 }, seeded(8))).not.toEqual(numbers);
  for (const tenth of [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]) {
    expect(numbers.filter((number) => Math.floor(number * 10) === tenth).length).toBeGreaterThan(50);
  }
});
