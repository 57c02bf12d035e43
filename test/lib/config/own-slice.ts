import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Slice } from '../../../remedies/slice.ts';

/** A remedy such as an operator writes. */
export const queueStuck: Slice = {
  id: 'queue-stuck',
  symptom: 'queue-stuck',
  title: 'put back what nobody works on',
  detection: {
    metricName: 'queue_stuck',
    statistic: 'MAX',
    dimensions: ['InstanceId'],
    groupBy: ['InstanceId'],
    threshold: 3,
    unit: 'Count',
    periodSeconds: 60,
    evaluationPeriods: 2,
    datapointsToAlarm: 2,
  },
  disruption: 'none',
  parameters: {
    ThresholdCount: {
      source: { from: 'setting', default: '3', describes: 'from how many on the queue counts as stuck' },
      pattern: '^[1-9][0-9]{0,5}$',
      accepts: ['1', '3'],
      rejects: ['', '0', 'three'],
    },
  },
  checkTimeoutSeconds: 30,
  repairTimeoutSeconds: 60,
  soakSeconds: 60,
  cooldownSeconds: 900,
  maximumAttempts: 1,
  undo: { impossible: 'what was put back is worked on again' },
};

/** A folder with the files of `queue-stuck`, those that are given instead of its own; `undefined` leaves one out. */
export function remedyFolder(files: Readonly<Record<string, string | undefined>> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'own-remedies-'));
  const own = join(folder, 'queue-stuck');
  mkdirSync(own);
  const all = { 'check.sh': 'exit 0\n', 'repair.sh': 'begin_repair\n', 'README.md': '# queue-stuck\n', ...files };
  for (const [name, text] of Object.entries(all)) if (text !== undefined) writeFileSync(join(own, name), text);
  folders.push(folder);
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});
