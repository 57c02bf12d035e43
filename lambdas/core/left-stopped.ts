import { isAct } from '../../remedies/slice.ts';
import type { Decision } from './decision.ts';
import type { Facts } from './facts.ts';
import type { Policy } from './policy.ts';

/**
 * S18: an instance that was stopped to be started again, and does not run, is a person's at once: no guard delays that. One of
 * which it cannot be read counts as stopped.
 */
export function leftStopped({ attempts, instance, fingerprint }: Facts, policy: Policy): Decision | undefined {
  const last = attempts.at(-1);
  const slice = policy.slices.find(({ id }) => id === last?.remedyId);
  if (last === undefined || slice === undefined || !isAct(slice) || slice.act !== 'stop-start-instance')
    return undefined;
  if (last.outcome === 'not-started' || last.outcome === 'recovered') return undefined;
  const { id } = fingerprint.target;
  if (instance.read) {
    const state = instance.value?.ec2State;
    if (state !== 'stopped' && state !== 'stopping') return undefined;
    return {
      kind: 'escalate',
      reason: 'left-stopped',
      detail: `${id} IS ${state.toUpperCase()} by this system (${last.summary}); start it: aws ec2 start-instances --instance-ids ${id}`,
    };
  }
  return {
    kind: 'escalate',
    reason: 'left-stopped',
    detail: `${id} was stopped by this system, and whether it runs again could not be read (${instance.problem})`,
  };
}
