import { randomBytes } from 'node:crypto';
import { type Detecting, detecting } from '../../remedies/slice.ts';
import { alarmsInAlarm, isMuted, readContributors } from '../aws/alarm-reader.ts';
import { instanceExists } from '../aws/fleet-reader.ts';
import { type Opening, readByFingerprint } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import { isCovered } from '../core/incident.ts';
import { alarmName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';
import { fingerprintOf } from '../core/targets.ts';
import { isOurs } from '../intake/is-ours.ts';
import { openIncident } from '../intake/open-incident.ts';
import type { Tried } from './sweep.ts';

/** Opens an incident for every contributor in ALARM that has none, muted alarms' aside; answers with those that it opened. */
export async function openUncovered(policy: Policy, nowMillis: number, tried: Tried): Promise<string[]> {
  const opened: string[] = [];
  const bySlice = new Map(detecting(policy.slices).map((slice) => [alarmName(policy.stack, slice.id), slice]));
  const inAlarm = (await tried('alarms', () => alarmsInAlarm([...bySlice.keys()]))) ?? [];
  for (const name of inAlarm) {
    const slice = bySlice.get(name);
    // what a mute rule holds back comes by itself when its window ends; not knowing whether one does, nothing is opened
    if (slice === undefined || (await tried(name, () => isMuted(name))) !== false) continue;
    for (const { dimensions } of (await tried(name, () => readContributors(name, nowMillis))) ?? []) {
      const opening = await tried(name, () => openOne(slice, dimensions, `${name} (sweep)`, policy, nowMillis));
      if (opening?.kind === 'opened') opened.push(opening.incident.incidentId);
    }
  }
  return opened;
}

async function openOne(
  slice: Detecting,
  dimensions: Readonly<Record<string, string>>,
  openedBy: string,
  policy: Policy,
  nowMillis: number,
): Promise<Opening | undefined> {
  const named = fingerprintOf(slice, dimensions);
  if ('problem' in named) throw new Error(named.problem);
  if (isCovered(await readByFingerprint(named.fingerprint), nowMillis)) return undefined;
  const { id } = named.fingerprint.target;
  if (!(await instanceExists(id))) throw new Error(`EC2 does not know the instance ${id}`);
  if (!(await isOurs(slice, id, policy.stack))) return undefined;
  const signal = { openedBy, stateChangedAt: iso(nowMillis) };
  return openIncident(named.fingerprint, signal, policy, randomBytes(4).toString('hex'), nowMillis);
}
