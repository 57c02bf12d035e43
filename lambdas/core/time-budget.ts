import { type ActSlice, isAct, type Slice } from '../../remedies/slice.ts';
import { ladderOf } from './ladder.ts';
import { MOST_RUN_SECONDS } from './maintenance/run.ts';
import type { FunctionKey } from './names.ts';
import type { Policy } from './policy.ts';

/** Time for what lies between the calls: polling, replays, retries of a step. */
const MARGIN_SECONDS = 120;

/** Tries of an undo, and the time between them: the repair's script may still hold the instance's lock. */
export const UNDO_TRIES = 3;
export const UNDO_WAIT_SECONDS = 60;

/** Looks that one execution takes before the sweep starts the next: far below the 3,000 operations an execution may hold. */
export const MOST_LOOKS = 20;

/** How long a command may take from sending to its result. */
export function commandSeconds(scriptTimeoutSeconds: number, policy: Policy): number {
  return policy.deliveryTimeoutSeconds + scriptTimeoutSeconds + MARGIN_SECONDS;
}

/** How long an instance that was stopped may take to run again, in all, before a person is told (S18: within 5 min). */
export const RUNS_AGAIN_SECONDS = 180;

/** How long a claim is held: longer than the act can take, so that it never expires under one. */
export function claimSeconds(slice: ActSlice | Pick<Slice, 'repairTimeoutSeconds'>, policy: Policy): number {
  if ('act' in slice) return RUNS_AGAIN_SECONDS + slice.settleSeconds + MARGIN_SECONDS;
  return commandSeconds(slice.repairTimeoutSeconds, policy) + MARGIN_SECONDS;
}

/** The longest that one turn of the flow can take: check, repair, check, soak, check, every try of the undo. */
export function longestTurnSeconds(symptom: string, policy: Policy): number {
  const turns = ladderOf(symptom, policy.slices).map((slice) => {
    if (isAct(slice)) return claimSeconds(slice, policy) + slice.soakSeconds;
    const checks = 3 * commandSeconds(slice.checkTimeoutSeconds, policy);
    const repair = commandSeconds(slice.repairTimeoutSeconds, policy);
    const undo = 'script' in slice.undo ? UNDO_TRIES * repair + (UNDO_TRIES - 1) * UNDO_WAIT_SECONDS : 0;
    return checks + repair + undo + slice.soakSeconds;
  });
  return Math.max(policy.holdDeadlineSeconds, ...turns) + MARGIN_SECONDS;
}

/** How old an execution of each durable function may become: its longest turn as often as it may look, its longest command. */
export function longestExecutionSeconds(policy: Policy): (readonly [FunctionKey, number])[] {
  const turns = policy.slices.map(({ symptom }) => longestTurnSeconds(symptom, policy));
  const chores = policy.maintenance.chores.map(({ timeoutSeconds: repairTimeoutSeconds }) => ({
    repairTimeoutSeconds,
  }));
  const scripts = policy.slices.filter((slice) => !isAct(slice));
  const commands = [...scripts, ...chores].map((one) => claimSeconds(one, policy));
  const acts = policy.slices.filter(isAct).map((one) => claimSeconds(one, policy));
  return [
    ['remediateIncident', MOST_LOOKS * Math.max(...turns)],
    // what an interruption left open is looked for before the wait begins
    ['runCommand', 2 * Math.max(...commands)],
    ['changeInstance', 2 * Math.max(0, ...acts)],
    // the last wave may begin at the very end
    ['maintainFleet', MOST_RUN_SECONDS + 3 * Math.max(...commands)],
  ];
}
