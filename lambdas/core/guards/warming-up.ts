import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Leaves instances alone that were just launched, are not running, or are not in service in their group. */
export const warmingUp: Guard = ({ facts, policy, nowEpochSeconds }) => {
  if (!facts.instance.read) return unavailable('the instance', facts.instance.problem);
  const instance = facts.instance.value;
  if (instance === undefined) return ALLOW; // the opt-in guard refuses a target that is gone
  const ageSeconds = nowEpochSeconds - instance.launchedAtEpochSeconds;
  if (ageSeconds < policy.warmUpSeconds) {
    return {
      allow: false,
      reason: 'warming-up',
      detail: `launched ${Math.max(0, Math.round(ageSeconds))} s ago, left alone for the first ${policy.warmUpSeconds} s`,
      lookAgainAfterSeconds: Math.ceil(policy.warmUpSeconds - ageSeconds),
    };
  }
  if (instance.lifecycleState !== undefined && instance.lifecycleState !== 'InService') {
    return {
      allow: false,
      reason: 'warming-up',
      detail: `its life cycle state in the group is ${instance.lifecycleState}, not InService`,
      lookAgainAfterSeconds: 60,
    };
  }
  return ALLOW;
};
