import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { ssm } from '../aws/clients.ts';
import type { CommandResult } from '../core/check-reading.ts';

/** Polls of one command, at most: each is one durable operation. */
const MOST_POLLS = 60;

interface Poll {
  readonly result?: CommandResult;
}

/** Waits until a command ended; `undefined` where it did not within `seconds`. */
export async function awaitCommand(
  ctx: DurableContext,
  commandId: string,
  instanceId: string,
  seconds: number,
): Promise<CommandResult | undefined> {
  const { result } = await ctx.waitForCondition<Poll>('await the command', () => poll(commandId, instanceId), {
    initialState: {},
    waitStrategy: (state, polls) => {
      if (state.result !== undefined || polls >= MOST_POLLS) return { shouldContinue: false };
      return { shouldContinue: true, delay: { seconds: delaySeconds(polls, seconds) } };
    },
  });
  return result;
}

/** Short at first, since most scripts are quick; later so long that all polls together cover the time given. */
export function delaySeconds(polls: number, seconds: number): number {
  const quick = [2, 3, 5, 5, 10, 10];
  return quick[polls - 1] ?? Math.max(10, Math.ceil(seconds / (MOST_POLLS - quick.length)));
}

async function poll(commandId: string, instanceId: string): Promise<Poll> {
  try {
    const answer = await ssm().send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
    if (['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(answer.Status ?? 'Pending')) return {};
    const exitCode = answer.ResponseCode;
    return {
      result: {
        exitCode: exitCode === undefined || exitCode < 0 || answer.Status === 'TimedOut' ? undefined : exitCode,
        stdout: answer.StandardOutputContent ?? '',
        stderr: answer.StandardErrorContent ?? '',
        statusDetails: answer.StatusDetails ?? answer.Status ?? 'unknown',
      },
    };
  } catch (error) {
    // SSM lags: right after sending it may not know the invocation yet
    if (error instanceof Error && error.name === 'InvocationDoesNotExist') return {};
    throw error;
  }
}
