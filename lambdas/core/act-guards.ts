import { onlyLooks, type RunCommandAnswer, type RunCommandRequest } from './contract.ts';
import type { Facts, InstanceFacts, Read } from './facts.ts';
import { dependencyDown } from './guards/dependency-down.ts';
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
  readonly dependenciesDown: Facts['dependenciesDown'];
  readonly policy: Policy;
  readonly nowEpochSeconds: number;
}

/**
 * The same guards as the decision's, asked again in the step that acts; `undefined` lets it act.
 * What only looks needs no kill switch and no mode, but never reaches an instance that is not opted in.
 */
export function refusalOfAct(facts: ActFacts): Extract<RunCommandAnswer, { kind: 'refused' }> | undefined {
  const context = guardContext(facts);
  for (const guard of guardsOf(facts.request)) {
    const answer: GuardAnswer = guard(context);
    if (!answer.allow) return { kind: 'refused', reason: answer.reason, detail: answer.detail };
  }
  if (!facts.claimHeld) {
    return { kind: 'refused', reason: 'in-progress', detail: 'the claim was lost before the act' };
  }
  return undefined;
}

function guardsOf(request: RunCommandRequest): readonly Guard[] {
  if (onlyLooks(request)) return [optIn, optOut];
  const acting: readonly Guard[] = [killSwitchGuard, 'choreId' in request ? maintenanceMode : mode, optIn, optOut];
  return request.purpose === 'repair' ? [...acting, dependencyDown] : acting;
}

function guardContext(act: ActFacts): GuardContext {
  const { request, killSwitch, instance, dependenciesDown, policy, nowEpochSeconds } = act;
  const facts: Facts = {
    fingerprint:
      'choreId' in request ? { target: request.target, part: '', symptom: request.choreId } : request.fingerprint,
    killSwitch,
    instance,
    claim: known(undefined),
    lastAct: known(undefined),
    dependenciesDown,
    symptom: { verdict: 'unknown', evidence: '' },
    openedAtEpochSeconds: 0,
    attempts: [],
  };
  if ('choreId' in request) return { facts, policy, remedyIds: [], nowEpochSeconds };
  return { facts, policy, remedyIds: [request.remedyId], nextRemedyId: request.remedyId, nowEpochSeconds };
}
