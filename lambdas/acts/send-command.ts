import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { ssmOneAttempt } from '../aws/clients.ts';
import { readInstance } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { holdsClaim } from '../aws/state/claims.ts';
import { writeLastAct } from '../aws/state/cooldowns.ts';
import { readDependenciesDown } from '../aws/state/dependencies.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { epochSeconds } from '../aws/state/table.ts';
import { refusalOfAct } from '../core/act-guards.ts';
import { onlyLooks, type RunCommandAnswer, type RunCommandRequest, targetOf } from '../core/contract.ts';
import { known, unreadable } from '../core/facts.ts';
import type { KillSwitch } from '../core/kill-switch.ts';
import type { Policy } from '../core/policy.ts';
import { documentOf, type Scripted } from '../core/script.ts';
import { scriptParameters } from '../core/script-parameters.ts';

export type Sent =
  | Extract<RunCommandAnswer, { kind: 'refused' | 'not-started' }>
  | { readonly kind: 'sent'; readonly commandId: string };

/** Refusals of SSM that say for certain that nothing was sent. */
const CERTAIN_REFUSALS = [
  'InvalidInstanceId',
  'InvalidDocument',
  'InvalidDocumentVersion',
  'InvalidParameters',
  'UnsupportedPlatformType',
  'AccessDeniedException',
  'ThrottlingException',
];

/**
 * Reads kill switch, mode, opt-out, claim and what a service depends on, and sends, in one step: a guard read earlier would be replayed stale.
 * Throws where it is not certain whether the command was sent.
 */
export async function sendCommand(
  request: RunCommandRequest,
  slice: Scripted,
  fence: number,
  policy: Policy,
  nowMillis: number,
): Promise<Sent> {
  const target = targetOf(request);
  const looking = onlyLooks(request);
  const [killSwitch, instance, claimHeld, dependenciesDown] = await Promise.all([
    // what only looks runs while paused, too
    looking ? unreadable<KillSwitch>('a check does not ask for it') : readKillSwitch(),
    readInstance(target.id),
    looking || holdsClaim(target, request.claimOwner, nowMillis),
    request.purpose === 'repair' ? readDependenciesDown(request.fingerprint, policy.services) : known([]),
  ]);
  const nowEpochSeconds = epochSeconds(nowMillis);
  const refusal = refusalOfAct({
    request,
    killSwitch,
    instance,
    claimHeld,
    dependenciesDown,
    policy,
    nowEpochSeconds,
  });
  if (refusal !== undefined) return refusal;
  const document = documentOf(request, policy);
  if (document === undefined) {
    return { kind: 'not-started', detail: `no ${request.purpose} document of ${slice.id} is deployed` };
  }
  // the cooldown counts from here: before the call, since a call whose answer is lost was made all the same
  if (request.purpose === 'repair') await writeLastAct(request.fingerprint, request.attemptId, nowMillis);
  try {
    const { Command } = await ssmOneAttempt().send(
      new SendCommandCommand({
        DocumentName: document,
        DocumentVersion: '1',
        InstanceIds: [target.id],
        Parameters: scriptParameters(request, slice, fence, policy),
        TimeoutSeconds: policy.deliveryTimeoutSeconds,
        Comment: request.attemptId,
      }),
    );
    const commandId = Command?.CommandId;
    if (commandId === undefined) throw new Error('SSM answered without a command id');
    log('INFO', 'command-sent', { attemptId: request.attemptId, commandId, document, instanceId: target.id });
    return { kind: 'sent', commandId };
  } catch (error) {
    if (error instanceof Error && CERTAIN_REFUSALS.includes(error.name)) {
      return {
        kind: 'not-started',
        detail: `SSM refused the command (${error.name}: ${error.message})`,
        // EC2 knows the instance: it is SSM that does not reach it
        ...(error.name === 'InvalidInstanceId' ? { undelivered: true } : {}),
      };
    }
    throw error;
  }
}
