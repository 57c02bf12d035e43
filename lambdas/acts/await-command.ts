import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { ssm } from '../aws/clients.ts';
import type { CommandResult } from '../core/check-reading.ts';

/** Errors that another poll will not mend; anything else, such as throttling, is asked again. */
const FINAL_ERRORS = ['AccessDeniedException', 'ValidationException', 'InvalidCommandId', 'InvalidPluginName'];

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
  const delays = pollDelaysSeconds(seconds);
  const { result } = await ctx.waitForCondition<Poll>('await the command', () => poll(commandId, instanceId), {
    initialState: {},
    waitStrategy: (state, polls) => {
      const delaySeconds = delays[polls - 1];
      if (state.result !== undefined || delaySeconds === undefined) return { shouldContinue: false };
      return { shouldContinue: true, delay: { seconds: delaySeconds } };
    },
  });
  return result;
}

/** Waits between polls: short at first, since most scripts are quick; together they just cover the time given. */
export function pollDelaysSeconds(seconds: number): number[] {
  const delays: number[] = [];
  let coveredSeconds = 0;
  while (coveredSeconds < seconds) {
    const delaySeconds = [2, 3, 5, 5, 10, 10][delays.length] ?? Math.max(10, Math.ceil(seconds / 50));
    delays.push(delaySeconds);
    coveredSeconds += delaySeconds;
  }
  return delays;
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
    // SSM lags: right after sending it may not know the invocation yet; and a throttled poll must not cost a verdict
    if (error instanceof Error && FINAL_ERRORS.includes(error.name)) throw error;
    return {};
  }
}
