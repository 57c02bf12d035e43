import { OPT_OUT_TAG } from '../names.ts';
import { ALLOW, type Guard, unavailable } from './guard.ts';

/** S26: the opt-out tag on instance, volume or group wins over everything. */
export const optOut: Guard = ({ facts }) => {
  if (!facts.instance.read) return unavailable('the tags', facts.instance.problem);
  const by = facts.instance.value?.optedOutBy ?? [];
  if (by.length === 0) return ALLOW;
  return { allow: false, reason: 'opted-out', detail: `the tag ${OPT_OUT_TAG} is set on ${by.join(', ')}` };
};
