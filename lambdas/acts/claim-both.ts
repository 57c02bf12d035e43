import { type ClaimTarget, releaseClaim, takeClaim } from '../aws/state/claims.ts';
import { readGroupName } from '../aws/whole-instance-reader.ts';
import type { Target } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import { countedWith } from '../core/whole-instance.ts';

/** The claims under which an instance as a whole is acted on: its own, and that of all that are counted together with it. */
export type Claims = readonly ClaimTarget[];

export type Claimed =
  | { readonly taken: true; readonly claims: Claims; readonly groupName?: string }
  | { readonly taken: false; readonly detail: string };

/** Takes both claims or none, so that of a group one instance at most is disturbed at once (S3). */
export async function claimBoth(target: Target, owner: string, seconds: number, policy: Policy): Promise<Claimed> {
  const groupName = await readGroupName(target.id);
  const group: ClaimTarget = { kind: 'group', id: countedWith(groupName, policy.stack) };
  const claims = [target, group];
  for (const [place, claim] of claims.entries()) {
    const { taken } = await takeClaim(claim, owner, seconds, Date.now());
    if (taken) continue;
    await releaseBoth(claims.slice(0, place), owner);
    return { taken: false, detail: `another attempt holds the claim on ${claim.id}` };
  }
  return { taken: true, claims, ...(groupName === undefined ? {} : { groupName }) };
}

/** Gives back what is still ours. */
export async function releaseBoth(claims: Claims, owner: string): Promise<void> {
  for (const claim of claims) await releaseClaim(claim, owner);
}
