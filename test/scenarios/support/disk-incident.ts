import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Fingerprint, fingerprintKey } from '../../../lambdas/core/incident.ts';
import type { World } from '../world.ts';

const FILL = readFileSync(join(import.meta.dirname, 'fill-disk.sh'), 'utf8');

/** What a full root disk of an instance is known by. */
export function diskFull(instanceId: string): Fingerprint {
  return { target: { kind: 'instance', id: instanceId }, part: '/', symptom: 'disk-full' };
}

/** First part of the id of every incident of an instance's root disk. */
export function incidentKey(instanceId: string): string {
  return fingerprintKey(diskFull(instanceId));
}

/** Fills an instance's root disk; `kept`: with what no repair may touch. */
export async function fillDisk(world: World, instanceId: string, kept = false): Promise<void> {
  const { exitCode, stderr } = await world.inside(instanceId, FILL, kept ? { KEPT: '1' } : {});
  if (exitCode !== 0) throw new Error(`the disk of ${instanceId} could not be filled: ${stderr}`);
}

/** Delivers the alarm's event; the id of the incident that it opened. */
export async function openIncident(world: World, instanceId: string): Promise<string> {
  const key = incidentKey(instanceId);
  const known = new Set(world.records('opened').map(({ subject }) => subject));
  await world.deliver(world.contributorEvent('disk-full', { InstanceId: instanceId, path: '/' }));
  const { subject } = await world.record(
    'opened',
    (record) => record.subject.startsWith(key) && !known.has(record.subject),
  );
  return subject;
}
