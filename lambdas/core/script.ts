import { isAct, type Slice } from '../../remedies/slice.ts';
import type { RunCommandRequest } from './contract.ts';
import { choreOf } from './maintenance/maintenance.ts';
import type { Policy } from './policy.ts';

/** What of a remedy or chore is needed to send a script of it. */
export type Scripted = Pick<Slice, 'id' | 'parameters' | 'checkTimeoutSeconds' | 'repairTimeoutSeconds'>;

/** The remedy or chore of a request; `undefined`: the newest deployment has none of that name. */
export function scriptedOf(request: RunCommandRequest, policy: Policy): Scripted | undefined {
  if (!('choreId' in request)) {
    const slice = policy.slices.find(({ id }) => id === request.remedyId);
    return slice === undefined || isAct(slice) ? undefined : slice;
  }
  const chore = choreOf(request.choreId, policy.maintenance);
  if (chore === undefined) return undefined;
  const { id, parameters, timeoutSeconds } = chore;
  return { id, parameters, checkTimeoutSeconds: timeoutSeconds, repairTimeoutSeconds: timeoutSeconds };
}

/** Name of the command document that a request is about; `undefined`: none is deployed. */
export function documentOf(request: RunCommandRequest, policy: Policy): string | undefined {
  if (!('choreId' in request)) return policy.remedies[request.remedyId]?.documents[request.purpose];
  return choreOf(request.choreId, policy.maintenance)?.documents[request.purpose];
}

/** What a request is called where no document of it is found. */
export function describeRequest(request: RunCommandRequest): string {
  return 'choreId' in request ? `chore ${request.choreId}` : `remedy ${request.remedyId}`;
}
