import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Keeps a least time between two remediations of the same target and symptom. */
export const cooldown: Guard = ({ facts, policy, remedyIds, nextRemedyId, nowEpochSeconds }) => {
  if (nextRemedyId === undefined) return ALLOW; // nothing is left to delay: a person is told at once
  if (!facts.lastAct.read) return unavailable('the cooldown', facts.lastAct.problem);
  const last = facts.lastAct.value;
  if (last === undefined) return ALLOW;
  // an attempt that SSM refused, or that never reached the instance, changed nothing
  if (facts.attempts.some(({ attemptId, outcome }) => attemptId === last.attemptId && outcome === 'not-started'))
    return ALLOW;
  const treating = policy.slices.filter(({ id }) => remedyIds.includes(id));
  const cooldownSeconds = Math.max(0, ...treating.map((slice) => slice.cooldownSeconds));
  const remainingSeconds = last.startedAtEpochSeconds + cooldownSeconds - nowEpochSeconds;
  if (remainingSeconds <= 0) return ALLOW;
  return {
    allow: false,
    reason: 'cooling-down',
    detail: `the last remediation started ${Math.round(nowEpochSeconds - last.startedAtEpochSeconds)} s ago; the next may start after ${cooldownSeconds} s`,
    lookAgainAfterSeconds: Math.ceil(remainingSeconds),
  };
};
