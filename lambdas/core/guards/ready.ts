import type { Facts } from '../facts.ts';
import { isAskedByApi } from '../ladder.ts';
import type { Policy } from '../policy.ts';
import { type Missing, missingToAct, missingToChange } from '../readiness.ts';
import { ALLOW, type Guard, unavailable } from './guard.ts';

/** Refuses an instance that cannot take commands, where its symptom's remedies are commands; one that does not run always. */
export const ready: Guard = ({ facts, policy }) => {
  if (!facts.instance.read) return unavailable('the instance', facts.instance.problem);
  if (facts.instance.value === undefined) return ALLOW; // the opt-in guard refuses a target that is gone
  const missing = isAskedByApi(facts.fingerprint.symptom, policy.slices)
    ? missingToChange(facts.instance.value)
    : missingNow(facts, policy);
  if (missing.length === 0) return ALLOW;
  return {
    allow: false,
    reason: 'not-ready',
    detail: missing.map(({ what, mend }) => `${what}; mend it by: ${mend}`).join('. '),
    lookAgainAfterSeconds: 60,
  };
};

/** SSM may call an agent online that cannot run anything: then it is the check's own command that tells. */
function missingNow({ instance, symptom }: Facts, policy: Policy): Missing[] {
  if (!instance.read || instance.value === undefined) return [];
  const missing = missingToAct(instance.value, policy);
  if (missing.length > 0 || symptom.undelivered === undefined) return missing;
  const { instanceId } = instance.value;
  const mend = `freeing room or inodes of its root disk; else: aws ec2 reboot-instances --instance-ids ${instanceId}`;
  return [{ what: symptom.undelivered, mend }];
}
