import { type DurableContext, StepSemantics } from '@aws/durable-execution-sdk-js';
import { releaseClaim, takeClaim } from '../aws/state/claims.ts';
import { assertNever } from '../core/assert-never.ts';
import { type CommandResult, readCheck } from '../core/check-reading.ts';
import { onlyLooks, type RunCommandAnswer, type RunCommandRequest, targetOf } from '../core/contract.ts';
import { earlyEvidence } from '../core/early-evidence.ts';
import type { Evidence } from '../core/evidence.ts';
import type { Policy } from '../core/policy.ts';
import { parseReport } from '../core/repair-report.ts';
import { describeRequest, type Scripted, scriptedOf } from '../core/script.ts';
import { claimSeconds, commandSeconds } from '../core/time-budget.ts';
import { undeliveredBy } from '../core/undelivered.ts';
import { awaitCommand, NOT_POLLED, type Polled, pollFirst } from './await-command.ts';
import { findCommand } from './find-command.ts';
import { type Sent, sendCommand } from './send-command.ts';

/** How long a sent command may take to show up in SSM's list, which lags. */
const LOOK_UP_SECONDS = [5, 10, 20, 30];

/**
 * Runs one of this stack's documents on one instance, at most once per attempt:
 * claim, read the guards and send in one step, look up what an interruption left open, wait, read the result.
 */
export async function runCommand(
  ctx: DurableContext,
  request: RunCommandRequest,
  policy: Policy,
): Promise<RunCommandAnswer> {
  const slice = scriptedOf(request, policy);
  // an execution of an older version may still know a remedy that the newest deployment took away
  if (slice === undefined) {
    return { kind: 'not-started', detail: `this deployment has no ${describeRequest(request)}` };
  }
  if (onlyLooks(request)) return send(ctx, request, slice, 0, policy);

  const target = targetOf(request);
  const claimed = await ctx.step('claim', () =>
    takeClaim(target, request.claimOwner, claimSeconds(slice, policy), Date.now()),
  );
  if (!claimed.taken)
    return { kind: 'refused', reason: 'in-progress', detail: `${claimed.heldBy} holds the claim on ${target.id}` };
  const answer = await send(ctx, request, slice, claimed.claim.fence, policy);
  // where the script may still run, the claim stays until it expires
  if (answer.kind !== 'unknown') await ctx.step('release the claim', () => releaseClaim(target, request.claimOwner));
  return answer;
}

async function send(
  ctx: DurableContext,
  request: RunCommandRequest,
  slice: Scripted,
  fence: number,
  policy: Policy,
): Promise<RunCommandAnswer> {
  const sending = () => sendCommand(request, slice, fence, policy, Date.now());
  const { sent, polled } = onlyLooks(request)
    ? await sendCheck(ctx, request, sending)
    : { sent: await sendOnce(ctx, request, sending), polled: NOT_POLLED };
  switch (sent.kind) {
    case 'refused':
    case 'not-started':
      return sent;
    case 'sent': {
      const scriptSeconds = onlyLooks(request) ? slice.checkTimeoutSeconds : slice.repairTimeoutSeconds;
      const result = await awaitCommand(
        ctx,
        sent.commandId,
        targetOf(request).id,
        commandSeconds(scriptSeconds, policy),
        polled,
      );
      return read(request, sent.commandId, result);
    }
    default:
      return assertNever(sent);
  }
}

interface SentCheck {
  readonly sent: Sent;
  readonly polled: Polled;
}

/**
 * What only looks is simply sent again where it was interrupted, so that a crash alone never makes a verdict unknown. So
 * nothing needs to be noted right after sending, and most checks end in the step that sends them.
 */
async function sendCheck(
  ctx: DurableContext,
  request: RunCommandRequest,
  sending: () => Promise<Sent>,
): Promise<SentCheck> {
  try {
    return await ctx.step('send', async () => {
      const sent = await sending();
      if (sent.kind !== 'sent') return { sent, polled: NOT_POLLED };
      // what polling cannot learn here it is told below: it is no reason to send again
      const polled = await pollFirst(sent.commandId, targetOf(request).id).catch(() => NOT_POLLED);
      return { sent, polled };
    });
  } catch (error) {
    return { sent: { kind: 'not-started', detail: describeFailure(error) }, polled: NOT_POLLED };
  }
}

/** The step that acts is never repeated: interrupted, its attempt is looked up; not found, it counts as not started. */
async function sendOnce(ctx: DurableContext, request: RunCommandRequest, sending: () => Promise<Sent>): Promise<Sent> {
  try {
    return await ctx.step('send', sending, {
      semantics: StepSemantics.AtMostOncePerRetry,
      retryStrategy: () => ({ shouldRetry: false }),
    });
  } catch (error) {
    const why = describeFailure(error);
    for (const [turn, seconds] of LOOK_UP_SECONDS.entries()) {
      await ctx.wait(`look up ${turn + 1}: wait`, { seconds });
      const commandId = await ctx.step(`look up ${turn + 1}`, () => findCommand(request));
      if (commandId !== undefined) return { kind: 'sent', commandId };
    }
    return { kind: 'not-started', detail: `${why}, and SSM knows no command of attempt ${request.attemptId}` };
  }
}

function describeFailure(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  // the SDK gives the cause back as a plain error that bears the name
  if (cause instanceof Error && cause.name === 'StepInterruptedError') return 'sending was interrupted';
  return `sending failed (${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)})`;
}

function read(request: RunCommandRequest, commandId: string, result: CommandResult | undefined): RunCommandAnswer {
  if (result === undefined) return { kind: 'unknown', detail: 'the command did not end in its time', commandId };
  const undelivered = undeliveredBy(result);
  if (undelivered !== undefined) return { kind: 'not-started', detail: undelivered, undelivered: true };
  if (request.purpose === 'check') return { kind: 'checked', reading: readCheck(result), commandId };
  const parsed = parseReport(result);
  return parsed.ok
    ? { kind: 'reported', report: parsed.report, commandId }
    : { kind: 'unknown', detail: parsed.problem, commandId, ...seenBefore(result) };
}

/** What the script told before it was lost. */
function seenBefore({ stderr }: CommandResult): { readonly evidence?: Evidence } {
  const evidence = earlyEvidence(stderr);
  return evidence === undefined ? {} : { evidence };
}
