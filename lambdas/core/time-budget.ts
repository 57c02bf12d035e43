import type { Slice } from '../../remedies/slice.ts';
import { ladderOf } from './ladder.ts';
import type { Policy } from './policy.ts';

/** Time for what lies between the calls: polling, replays, retries of a step. */
const MARGIN_SECONDS = 120;

/** How long a command may take from sending to its result. */
export function commandSeconds(scriptTimeoutSeconds: number, policy: Policy): number {
  return policy.deliveryTimeoutSeconds + scriptTimeoutSeconds + MARGIN_SECONDS;
}

/** How long a claim is held: longer than the command can take, so that it never expires under a running script. */
export function claimSeconds(slice: Slice, policy: Policy): number {
  return commandSeconds(slice.repairTimeoutSeconds, policy) + MARGIN_SECONDS;
}

/** The longest that one turn of the flow can take: check, repair, check, soak, check, undo. */
export function longestTurnSeconds(symptom: string, slices: readonly Slice[], policy: Policy): number {
  const turns = ladderOf(symptom, slices).map((slice) => {
    const checks = 3 * commandSeconds(slice.checkTimeoutSeconds, policy);
    const acts = 2 * commandSeconds(slice.repairTimeoutSeconds, policy);
    return checks + acts + (policy.remedies[slice.id]?.soakSeconds ?? slice.soakSeconds);
  });
  return Math.max(policy.holdDeadlineSeconds, ...turns) + MARGIN_SECONDS;
}
