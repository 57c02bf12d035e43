import { TerminateInstanceInAutoScalingGroupCommand } from '@aws-sdk/client-auto-scaling';
import { RebootInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { type ActSlice, isAct } from '../../remedies/slice.ts';
import { autoScalingOneAttempt, ec2OneAttempt } from '../aws/clients.ts';
import { readReplaced } from '../aws/group-reader.ts';
import { readSymptom } from '../aws/status-reader.ts';
import { assertNever } from '../core/assert-never.ts';
import type { ChangeInstanceAnswer, ChangeInstanceRequest } from '../core/contract.ts';
import type { SymptomReading } from '../core/facts.ts';
import type { Policy } from '../core/policy.ts';
import { claimSeconds } from '../core/time-budget.ts';
import { type Called, callOnce } from './call-once.ts';
import { claimBoth, type Claimed, releaseBoth } from './claim-both.ts';
import { guardedCall } from './guarded-call.ts';
import { settle } from './settle.ts';
import { stopStart } from './stop-start.ts';

/**
 * Reboots, stops and starts, or replaces one instance, at most once per attempt: claims, reads the guards and the condition and
 * calls in one step, waits until the instance settled. The claims are held until then.
 */
export async function changeInstance(
  ctx: DurableContext,
  request: ChangeInstanceRequest,
  policy: Policy,
): Promise<ChangeInstanceAnswer> {
  const slice = policy.slices.find(({ id }) => id === request.remedyId);
  if (slice === undefined || !isAct(slice)) {
    return { kind: 'not-started', detail: `this deployment has no act ${request.remedyId}` };
  }
  const { target } = request.fingerprint;
  const claimed = await ctx.step('claim', () =>
    claimBoth(target, request.attemptId, claimSeconds(slice, policy), policy),
  );
  if (!claimed.taken) return { kind: 'refused', reason: 'in-progress', detail: claimed.detail };
  const answer = await perform(ctx, request, slice, claimed, policy);
  // where it is not known what the instance does, nobody else touches it until the claims expire
  if (answer.kind !== 'unknown') {
    await ctx.step('release the claims', () => releaseBoth(claimed.claims, request.attemptId));
  }
  return answer;
}

function perform(
  ctx: DurableContext,
  request: ChangeInstanceRequest,
  slice: ActSlice,
  { claims, groupName }: Extract<Claimed, { taken: true }>,
  policy: Policy,
): Promise<ChangeInstanceAnswer> {
  const { id } = request.fingerprint.target;
  const guarded = (call: () => Promise<unknown>) => guardedCall(request, slice, claims, policy, call);
  switch (slice.act) {
    case 'reboot-instance': {
      const reboot = () => guarded(() => ec2OneAttempt().send(new RebootInstancesCommand({ InstanceIds: [id] })));
      return actAndSettle(ctx, 'reboot', reboot, () => readSymptom(id), slice.settleSeconds);
    }
    case 'stop-start-instance': {
      const stop = () => guarded(() => ec2OneAttempt().send(new StopInstancesCommand({ InstanceIds: [id] })));
      return stopStart(ctx, id, stop, slice.settleSeconds);
    }
    case 'replace-instance': {
      const terminate = () => guarded(() => autoScalingOneAttempt().send(replacement(id)));
      const replaced = () => readReplaced(groupName ?? '', id);
      return actAndSettle(ctx, 'replace', terminate, replaced, slice.settleSeconds, groupName);
    }
    default:
      return assertNever(slice.act);
  }
}

/** The group keeps its desired capacity, so that it launches another instance in its place. */
function replacement(InstanceId: string): TerminateInstanceInAutoScalingGroupCommand {
  return new TerminateInstanceInAutoScalingGroupCommand({ InstanceId, ShouldDecrementDesiredCapacity: false });
}

async function actAndSettle(
  ctx: DurableContext,
  name: string,
  call: () => Promise<Called>,
  read: () => Promise<SymptomReading>,
  settleSeconds: number,
  groupName?: string,
): Promise<ChangeInstanceAnswer> {
  const called = await callOnce(ctx, name, call);
  switch (called.kind) {
    case 'refused':
    case 'not-started':
      return called;
    case 'interrupted':
      return { kind: 'unknown', detail: called.detail };
    case 'called': {
      const { evidence } = await settle(ctx, read, settleSeconds);
      const group = groupName === undefined ? {} : { groupName };
      return { kind: 'changed', summary: `${name} called; ${evidence}`, ...group };
    }
    default:
      return assertNever(called);
  }
}
