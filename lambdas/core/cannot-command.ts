import type { Facts } from './facts.ts';

/** How long an instance may take no commands while it is sick before a person is told: agents are updated, instances rebooted. */
const MOST_SILENT_SECONDS = 300;

/** Why the instance takes no commands, though it runs and did before; `undefined`: it does, or it lacks something else. */
export function silentSince({ instance, symptom }: Pick<Facts, 'instance' | 'symptom'>): string | undefined {
  if (symptom.undelivered !== undefined) return symptom.undelivered;
  if (!instance.read || instance.value?.ec2State !== 'running') return undefined;
  const pingStatus = instance.value.ssm?.pingStatus ?? 'Online';
  return pingStatus === 'Online' ? undefined : `SSM says ${pingStatus}`;
}

/** What a person is told where an instance has been sick for so long without taking commands; `undefined`: it is not so, or not yet. */
export function cannotCommand(facts: Facts, nowEpochSeconds: number): string | undefined {
  const why = silentSince(facts);
  if (why === undefined || nowEpochSeconds - facts.openedAtEpochSeconds < MOST_SILENT_SECONDS) return undefined;
  return describeSilence(why);
}

export const describeSilence = (why: string): string => `the instance cannot take commands: ${why}`;
