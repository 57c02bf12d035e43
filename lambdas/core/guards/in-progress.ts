import { ALLOW, type Guard, unavailable } from './guard.ts';

/** One remediation at a time per target; a claim that expired holds nobody back (S22). */
export const inProgress: Guard = ({ facts, nextRemedyId, nowEpochSeconds }) => {
  if (nextRemedyId === undefined) return ALLOW; // nothing is left to delay: a person is told at once
  if (!facts.claim.read) return unavailable('the claim', facts.claim.problem);
  const claim = facts.claim.value;
  if (claim === undefined || claim.expiresAtEpochSeconds <= nowEpochSeconds) return ALLOW;
  return {
    allow: false,
    reason: 'in-progress',
    detail: `${claim.owner} acts on it, until ${new Date(claim.expiresAtEpochSeconds * 1000).toISOString()} at the latest`,
    lookAgainAfterSeconds: 60,
  };
};
