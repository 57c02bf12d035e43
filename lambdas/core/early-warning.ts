import type { Detecting } from '../../remedies/slice.ts';
import { type Fingerprint, fingerprintKey } from './incident.ts';
import { OPT_IN_TAG, OPT_OUT_TAG } from './names.ts';
import type { Policy } from './policy.ts';

/** One warning per target, part and symptom a day, however often the metric crosses its threshold. */
export function earlyWarningId(fingerprint: Fingerprint, stateChangedAt: string): { subject: string; order: string } {
  return { subject: `early-${fingerprintKey(fingerprint)}`, order: `${stateChangedAt.slice(0, 10)}#warned` };
}

/** Why people are not warned of an instance, by its tags; `undefined`: they are. */
export function notWarnedOf(tags: Readonly<Record<string, string>>, stack: string): string | undefined {
  if (OPT_OUT_TAG in tags) return `the tag ${OPT_OUT_TAG} is set on it`;
  return tags[OPT_IN_TAG] === stack ? undefined : `its tag ${OPT_IN_TAG} does not say "${stack}"`;
}

/** What will be done if it gets worse, in words for people. */
export function describeWhatFollows(slice: Detecting, { remedies }: Pick<Policy, 'remedies'>): string {
  const { threshold, unit } = slice.detection;
  const at = `at ${threshold}${unit === 'Percent' ? ' %' : ''} it counts as ${slice.symptom}`;
  return remedies[slice.id]?.mode === 'act'
    ? `${at}, and the remedy is to ${slice.title}`
    : `${at}, and nothing will be done: the mode of ${slice.id} is "observe"`;
}
