import type { Act } from '../../remedies/slice.ts';
import type { ChangeInstanceAnswer } from './contract.ts';
import type { Facts } from './facts.ts';
import { alreadyHealthy } from './guards/already-healthy.ts';
import { autoRecovery } from './guards/auto-recovery.ts';
import { blastRadius } from './guards/blast-radius.ts';
import type { Guard } from './guards/guard.ts';
import { killSwitch } from './guards/kill-switch.ts';
import { mode } from './guards/mode.ts';
import { optIn } from './guards/opt-in.ts';
import { optOut } from './guards/opt-out.ts';
import { ready } from './guards/ready.ts';
import { warmingUp } from './guards/warming-up.ts';
import type { Policy } from './policy.ts';
import { unfitAct } from './unfit-act.ts';

/** The decision's guards, asked again in the step that acts, but for those that the act itself now holds or noted. */
const ACT_GUARDS: readonly Guard[] = [
  killSwitch,
  mode,
  optIn,
  optOut,
  warmingUp,
  ready,
  autoRecovery,
  blastRadius,
  alreadyHealthy,
];

/** Why an instance is not acted on after all; `undefined` lets it be. S19: only what is unhealthy in this very step is. */
export function refusalOfChange(
  act: Act,
  remedyId: string,
  facts: Facts,
  claimsHeld: boolean,
  policy: Policy,
  nowEpochSeconds: number,
): Extract<ChangeInstanceAnswer, { kind: 'refused' | 'not-started' }> | undefined {
  const context = { facts, policy, remedyIds: [remedyId], nextRemedyId: remedyId, nowEpochSeconds };
  for (const guard of ACT_GUARDS) {
    const answer = guard(context);
    if (!answer.allow) return { kind: 'refused', reason: answer.reason, detail: answer.detail };
  }
  if (!claimsHeld) return { kind: 'refused', reason: 'in-progress', detail: 'the claim was lost before the act' };
  if (facts.whole?.read !== true || facts.symptom.verdict !== 'unhealthy') {
    return { kind: 'refused', reason: 'facts-unavailable', detail: facts.symptom.evidence };
  }
  const unfit = unfitAct(act, facts.whole.value);
  return unfit === undefined ? undefined : { kind: 'not-started', detail: unfit };
}
