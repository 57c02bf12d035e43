import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Keeps a least time between two remediations of the same target and symptom. */
export const cooldown: Guard = ({ facts, policy, remedyIds, nextRemedyId, nowEpochSeconds }) => {
  if (nextRemedyId === undefined) return ALLOW; // nothing is left to delay: a person is told at once
  if (!facts.lastActAtEpochSeconds.read) return unavailable('the cooldown', facts.lastActAtEpochSeconds.problem);
  const last = facts.lastActAtEpochSeconds.value;
  if (last === undefined) return ALLOW;
  const cooldownSeconds = Math.max(0, ...remedyIds.map((id) => policy.remedies[id]?.cooldownSeconds ?? 0));
  const remainingSeconds = last + cooldownSeconds - nowEpochSeconds;
  if (remainingSeconds <= 0) return ALLOW;
  return {
    allow: false,
    reason: 'cooling-down',
    detail: `the last remediation started ${Math.round(nowEpochSeconds - last)} s ago; the next may start after ${cooldownSeconds} s`,
    lookAgainAfterSeconds: Math.ceil(remainingSeconds),
  };
};
