import { onlyLooks, type RunCommandAnswer, type RunCommandRequest } from './contract.ts';
import type { Facts, InstanceFacts, Read } from './facts.ts';
import type { Guard, GuardAnswer, GuardContext } from './guards/guard.ts';
import { killSwitch as killSwitchGuard } from './guards/kill-switch.ts';
import { mode } from './guards/mode.ts';
import { optIn } from './guards/opt-in.ts';
import { optOut } from './guards/opt-out.ts';
import type { KillSwitch } from './kill-switch.ts';
import { maintenanceMode } from './maintenance/guards.ts';
import type { Policy } from './policy.ts';
import { known } from './facts.ts';

/** What was read in the step that acts. */
export interface ActFacts {
  readonly request: RunCommandRequest;
  readonly killSwitch: Read<KillSwitch>;
  readonly instance: Read<InstanceFacts | undefined>;
  readonly claimHeld: boolean;
  readonly policy: Policy;
}

/**
 * The same guards as the decision's, asked again in the step that acts; `undefined` lets it act.
 * What only looks needs no kill switch and no mode, but never reaches an instance that is not opted in.
 */
export function refusalOfAct(facts: ActFacts): Extract<RunCommandAnswer, { kind: 'refused' }> | undefined {
  const modeGuard: Guard = 'choreId' in facts.request ? maintenanceMode : mode;
  const guards = onlyLooks(facts.request) ? [optIn, optOut] : [killSwitchGuard, modeGuard, optIn, optOut];
  const context = guardContext(facts);
  for (const guard of guards) {
    const answer: GuardAnswer = guard(context);
    if (!answer.allow) return { kind: 'refused', reason: answer.reason, detail: answer.detail };
  }
  if (!facts.claimHeld) {
    return { kind: 'refused', reason: 'in-progress', detail: 'the claim was lost before the act' };
  }
  return undefined;
}

function guardContext({ request, killSwitch, instance, policy }: ActFacts): GuardContext {
  const facts: Facts = {
    fingerprint:
      'choreId' in request ? { target: request.target, part: '', symptom: request.choreId } : request.fingerprint,
    killSwitch,
    instance,
    claim: known(undefined),
    lastAct: known(undefined),
    symptom: { verdict: 'unknown', evidence: '' },
    openedAtEpochSeconds: 0,
    attempts: [],
  };
  return { facts, policy, remedyIds: 'choreId' in request ? [] : [request.remedyId], nowEpochSeconds: 0 };
}
