import type { ActSlice } from '../../remedies/slice.ts';
import { readInstance } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { holdsClaim } from '../aws/state/claims.ts';
import { writeLastAct } from '../aws/state/cooldowns.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { epochSeconds } from '../aws/state/table.ts';
import { readWhole } from '../aws/whole-instance-reader.ts';
import { refusalOfChange } from '../core/change-guards.ts';
import type { ChangeInstanceRequest } from '../core/contract.ts';
import { type Facts, known } from '../core/facts.ts';
import type { Policy } from '../core/policy.ts';
import { readChecks } from '../core/whole-instance.ts';
import type { Called } from './call-once.ts';
import type { Claims } from './claim-both.ts';

/**
 * Reads kill switch, mode, tags, claims and the condition itself, and calls, in one step: a guard read earlier would be
 * replayed stale. Throws where it is not certain whether AWS got the call.
 */
export async function guardedCall(
  request: ChangeInstanceRequest,
  slice: ActSlice,
  claims: Claims,
  policy: Policy,
  call: () => Promise<unknown>,
): Promise<Called> {
  const { fingerprint, attemptId } = request;
  const nowMillis = Date.now();
  const { id } = fingerprint.target;
  const [killSwitch, instance, whole, ...held] = await Promise.all([
    readKillSwitch(),
    readInstance(id),
    readWhole(id, policy.stack),
    ...claims.map((target) => holdsClaim(target, attemptId, nowMillis)),
  ]);
  const symptom = whole.read
    ? readChecks(whole.value.checks)
    : ({ verdict: 'unknown', evidence: whole.problem } as const);
  const none = known(undefined);
  const facts: Facts = {
    fingerprint,
    killSwitch,
    instance,
    whole,
    symptom,
    claim: none,
    lastAct: none,
    dependenciesDown: known([]),
    openedAtEpochSeconds: epochSeconds(nowMillis),
    attempts: [],
  };
  const refusal = refusalOfChange(slice.act, slice.id, facts, !held.includes(false), policy, epochSeconds(nowMillis));
  if (refusal !== undefined) return refusal;
  // the cooldown counts from here: before the call, since a call whose answer is lost was made all the same
  await writeLastAct(fingerprint, attemptId, nowMillis);
  try {
    await call();
  } catch (error) {
    if (isRefusal(error)) return { kind: 'not-started', detail: `AWS refused it (${error.name}: ${error.message})` };
    throw error;
  }
  log('INFO', 'instance-changed', { attemptId, act: slice.act, instanceId: id });
  return { kind: 'called' };
}

/** What AWS answers with 4xx it did not do. */
function isRefusal(error: unknown): error is Error {
  if (!(error instanceof Error) || !('$metadata' in error)) return false;
  const { $metadata } = error;
  if (typeof $metadata !== 'object' || $metadata === null || !('httpStatusCode' in $metadata)) return false;
  const status = Number($metadata.httpStatusCode);
  return status >= 400 && status < 500;
}
