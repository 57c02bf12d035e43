import { missingToAct } from '../readiness.ts';
import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Refuses an instance that cannot take commands. */
export const ready: Guard = ({ facts, policy }) => {
  if (!facts.instance.read) return unavailable('the instance', facts.instance.problem);
  if (facts.instance.value === undefined) return ALLOW; // the opt-in guard refuses a target that is gone
  const missing = missingToAct(facts.instance.value, policy);
  if (missing.length === 0) return ALLOW;
  return {
    allow: false,
    reason: 'not-ready',
    detail: missing.map(({ what, mend }) => `${what}; mend it by: ${mend}`).join('. '),
    lookAgainAfterSeconds: 60,
  };
};
