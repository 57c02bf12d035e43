import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Services come back in their order across instances: not before those that they come after, for so long as that is to be expected. */
export const dependencyDown: Guard = ({ facts, policy, nextRemedyId, nowEpochSeconds }) => {
  if (nextRemedyId === undefined) return ALLOW; // nothing is left to delay: a person is told at once
  if (!facts.dependenciesDown.read) return unavailable('what it depends on', facts.dependenciesDown.problem);
  const fresh = facts.dependenciesDown.value.filter(
    ({ sinceEpochSeconds }) => nowEpochSeconds - sinceEpochSeconds < policy.holdDeadlineSeconds,
  );
  if (fresh.length === 0) return ALLOW;
  const which = fresh.slice(0, 3).map(({ unit, instanceId }) => `${unit} on ${instanceId}`);
  const more = fresh.length > which.length ? ` and ${fresh.length - which.length} more` : '';
  return {
    allow: false,
    reason: 'dependency-down',
    detail: `it comes after ${which.join(', ')}${more}, which is down itself; it waits for that, ${policy.holdDeadlineSeconds} s at most`,
    lookAgainAfterSeconds: 60,
  };
};
