import type { ChorePurpose } from '../purpose.ts';
import { type ClaimFact, type Facts, type InstanceFacts, known, type Read, unreadable } from '../facts.ts';
import { ALLOW, type Guard, type GuardAnswer, type GuardContext } from '../guards/guard.ts';
import { inProgress } from '../guards/in-progress.ts';
import { killSwitch } from '../guards/kill-switch.ts';
import { optIn } from '../guards/opt-in.ts';
import { optOut } from '../guards/opt-out.ts';
import { ready } from '../guards/ready.ts';
import { warmingUp } from '../guards/warming-up.ts';
import { describeFingerprint, type Fingerprint, type Target } from '../incident.ts';
import type { KillSwitch } from '../kill-switch.ts';
import type { Policy } from '../policy.ts';

/** What is read of an instance before a chore is done there. */
export interface ChoreFacts {
  readonly choreId: string;
  readonly target: Target;
  readonly instance: Read<InstanceFacts | undefined>;
  readonly claim: Read<ClaimFact | undefined>;
  /** Incidents of the whole stack that are not closed. */
  readonly incidents: readonly Fingerprint[];
}

/** Care of what is well: an instance that is not is left to its remediation, and to the people who look at it. */
const noIncident =
  (incidents: readonly Fingerprint[]): Guard =>
  ({ facts }) => {
    const open = incidents.find(({ target }) => target.id === facts.fingerprint.target.id);
    if (open === undefined) return ALLOW;
    return { allow: false, reason: 'in-progress', detail: `the incident ${describeFingerprint(open)} is not over` };
  };

/** The refusal of a chore on an instance, by the same guards as an act's; the first wins. */
export function holdOfChore(
  { choreId, target, instance, claim, incidents }: ChoreFacts,
  purpose: ChorePurpose,
  policy: Policy,
  nowEpochSeconds: number,
): Extract<GuardAnswer, { allow: false }> | undefined {
  const looking = [optIn, optOut, warmingUp, ready];
  const guards = purpose === 'preview' ? looking : [...looking, noIncident(incidents), inProgress];
  const context = { ...contextOf(choreId, target, policy, nowEpochSeconds), nextRemedyId: choreId };
  return firstRefusal(guards, { ...context, facts: { ...context.facts, instance, claim } });
}

/** The refusal of all cleaning at once. */
export function holdOfRun(
  read: Read<KillSwitch>,
  policy: Policy,
): { readonly reason: 'paused' | 'facts-unavailable'; readonly detail: string } | undefined {
  const context = contextOf('', { kind: 'instance', id: '' }, policy, 0);
  const answer = killSwitch({ ...context, facts: { ...context.facts, killSwitch: read } });
  if (answer.allow) return undefined;
  return { reason: answer.reason === 'paused' ? 'paused' : 'facts-unavailable', detail: answer.detail };
}

/** `observe` says what would be cleaned, and cleans nothing. */
export const maintenanceMode: Guard = ({ policy }) => {
  if (policy.maintenance.mode === 'act') return ALLOW;
  return {
    allow: false,
    reason: 'observe-only',
    detail: 'mode is "observe" for maintenance: nothing is changed; mode "act" in self-healing.config.ts lets it act',
  };
};

function firstRefusal(
  guards: readonly Guard[],
  context: GuardContext,
): Extract<GuardAnswer, { allow: false }> | undefined {
  for (const guard of guards) {
    const answer = guard(context);
    if (!answer.allow) return answer;
  }
  return undefined;
}

function contextOf(choreId: string, target: Target, policy: Policy, nowEpochSeconds: number): GuardContext {
  const facts: Facts = {
    fingerprint: { target, part: '', symptom: choreId },
    killSwitch: unreadable('a chore does not ask for it'),
    instance: unreadable('it was not asked for'),
    claim: known(undefined),
    lastAct: known(undefined),
    dependenciesDown: known([]),
    symptom: { verdict: 'unknown', evidence: '' },
    openedAtEpochSeconds: 0,
    attempts: [],
  };
  return { facts, policy, remedyIds: [], nowEpochSeconds };
}
