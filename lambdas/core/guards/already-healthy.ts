import { ALLOW, type Guard } from './guard.ts';

/** S19: a condition that cleared needs no remedy. */
export const alreadyHealthy: Guard = ({ facts }) => {
  if (facts.symptom.verdict !== 'healthy') return ALLOW;
  return { allow: false, reason: 'already-healthy', detail: facts.symptom.evidence };
};
