import type { ClaimFact } from '../facts.ts';
import { ALLOW, type Guard, unavailable } from './guard.ts';

/** One remediation at a time per target, and of whole instances per group; a claim that expired holds nobody back (S22). */
export const inProgress: Guard = ({ facts, nextRemedyId, nowEpochSeconds }) => {
  if (nextRemedyId === undefined) return ALLOW; // nothing is left to delay: a person is told at once
  if (!facts.claim.read) return unavailable('the claim', facts.claim.problem);
  const groupClaim = facts.whole?.read === true ? facts.whole.value.groupClaim : undefined;
  const isHeld = (claim: ClaimFact | undefined): claim is ClaimFact =>
    claim !== undefined && claim.expiresAtEpochSeconds > nowEpochSeconds;
  const claim = [facts.claim.value, groupClaim].find(isHeld);
  if (claim === undefined) return ALLOW;
  return {
    allow: false,
    reason: 'in-progress',
    detail: `${claim.owner} acts on ${claim === groupClaim ? 'another instance of its group' : 'it'}, until ${new Date(claim.expiresAtEpochSeconds * 1000).toISOString()} at the latest`,
    lookAgainAfterSeconds: 60,
  };
};
