import { OPT_IN_TAG } from '../names.ts';
import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Only instances whose opt-in tag names this stack are touched. */
export const optIn: Guard = ({ facts, policy }) => {
  if (!facts.instance.read) return unavailable('the instance and its tags', facts.instance.problem);
  const instance = facts.instance.value;
  const { id } = facts.fingerprint.target;
  if (instance === undefined) {
    return { allow: false, reason: 'target-gone', detail: `EC2 does not know ${id} any more` };
  }
  const value = instance.tags[OPT_IN_TAG];
  if (value === policy.stack) return ALLOW;
  const found = value === undefined ? 'has no such tag' : `says "${value}"`;
  return {
    allow: false,
    reason: 'not-opted-in',
    detail: `the tag ${OPT_IN_TAG} of ${id} must say "${policy.stack}" and ${found}`,
  };
};
