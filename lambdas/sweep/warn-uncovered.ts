import { detecting } from '../../remedies/slice.ts';
import { alarmsInAlarm, isMuted, readContributors } from '../aws/alarm-reader.ts';
import { earlyAlarmName } from '../core/names.ts';
import { describeFingerprint } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import { fingerprintOf } from '../core/targets.ts';
import { warnEarly } from '../intake/warn-early.ts';
import type { Tried } from './sweep.ts';

/** Warns of every contributor of an early alarm in ALARM of which nobody was warned, muted alarms' aside; answers with those. */
export async function warnUncovered(policy: Policy, nowMillis: number, tried: Tried): Promise<string[]> {
  const warned: string[] = [];
  const early = detecting(policy.slices).filter(({ detection }) => detection.early !== undefined);
  const byName = new Map(early.map((slice) => [earlyAlarmName(policy.stack, slice.id), slice]));
  for (const name of (await tried('early alarms', () => alarmsInAlarm([...byName.keys()]))) ?? []) {
    const slice = byName.get(name);
    if (slice === undefined || (await tried(name, () => isMuted(name))) !== false) continue;
    for (const { dimensions, stateChangedAt } of (await tried(name, () => readContributors(name, nowMillis))) ?? []) {
      const told = await tried(name, async () => {
        const named = fingerprintOf(slice, dimensions);
        if ('problem' in named) throw new Error(named.problem);
        const { fingerprint } = named;
        const isNew = await warnEarly(slice, fingerprint, stateChangedAt, policy, nowMillis);
        return isNew ? describeFingerprint(fingerprint) : undefined;
      });
      if (told !== undefined) warned.push(told);
    }
  }
  return warned;
}
