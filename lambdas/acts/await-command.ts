import { GetCommandInvocationCommand } from '@aws-sdk/client-ssm';
import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { ssm } from '../aws/clients.ts';
import type { CommandResult } from '../core/check-reading.ts';

/** Errors that another poll will not mend; anything else, such as throttling, is asked again. */
const FINAL_ERRORS = ['AccessDeniedException', 'ValidationException', 'InvalidCommandId', 'InvalidPluginName'];

/** How long the first polls go on, all within one step: most scripts end by then, and a durable wait takes a second at least. */
const FIRST_POLLS_MILLIS = 2_000;

/** How far polling has come; without a result the command still runs, as far as is known. */
export interface Polled {
  /** Whether the first polls are over. */
  readonly first: 'to-come' | 'over';
  readonly result?: CommandResult;
}

/** Nothing was asked yet. */
export const NOT_POLLED: Polled = { first: 'to-come' };

/** Waits until a command ended; `undefined` where it did not within `seconds`. */
export async function awaitCommand(
  ctx: DurableContext,
  commandId: string,
  instanceId: string,
  seconds: number,
  polled: Polled,
): Promise<CommandResult | undefined> {
  if (polled.result !== undefined) return polled.result;
  const delays = pollDelaysSeconds(seconds);
  const check = async ({ first }: Polled): Promise<Polled> =>
    first === 'to-come' ? pollFirst(commandId, instanceId) : over(await poll(commandId, instanceId));
  const { result } = await ctx.waitForCondition<Polled>('await the command', check, {
    initialState: polled,
    waitStrategy: (state, polls) => {
      const delaySeconds = delays[polls - 1];
      if (state.result !== undefined || delaySeconds === undefined) return { shouldContinue: false };
      return { shouldContinue: true, delay: { seconds: delaySeconds } };
    },
  });
  return result;
}

/**
 * Polls for two seconds, or until the command ended. Each wait is half of the time gone by: little of a script's time is lost
 * until its end is known, and SSM, whose quota is the account's, is asked ever less often, ten times at the most.
 */
export async function pollFirst(commandId: string, instanceId: string): Promise<Polled> {
  const startedAtMillis = performance.now();
  let delayMillis = 60;
  for (;;) {
    await sleep(delayMillis);
    const result = await poll(commandId, instanceId);
    const goneMillis = performance.now() - startedAtMillis;
    if (result !== undefined || goneMillis >= FIRST_POLLS_MILLIS) return over(result);
    delayMillis = Math.max(30, goneMillis / 2);
  }
}

function sleep(millis: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, millis);
  });
}

function over(result: CommandResult | undefined): Polled {
  return { first: 'over', ...(result === undefined ? {} : { result }) };
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

async function poll(commandId: string, instanceId: string): Promise<CommandResult | undefined> {
  try {
    const answer = await ssm().send(new GetCommandInvocationCommand({ CommandId: commandId, InstanceId: instanceId }));
    if (['Pending', 'InProgress', 'Delayed', 'Cancelling'].includes(answer.Status ?? 'Pending')) return undefined;
    const exitCode = answer.ResponseCode;
    return {
      exitCode: exitCode === undefined || exitCode < 0 || answer.Status === 'TimedOut' ? undefined : exitCode,
      stdout: answer.StandardOutputContent ?? '',
      stderr: answer.StandardErrorContent ?? '',
      statusDetails: answer.StatusDetails ?? answer.Status ?? 'unknown',
    };
  } catch (error) {
    // SSM lags: right after sending it may not know the invocation yet; and a throttled poll must not cost a verdict
    if (error instanceof Error && FINAL_ERRORS.includes(error.name)) throw error;
    return undefined;
  }
}
