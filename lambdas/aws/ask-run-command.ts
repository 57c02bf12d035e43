import { type DurableContext, InvokeError } from '@aws/durable-execution-sdk-js';
import type { RunCommandAnswer, RunCommandRequest } from '../core/contract.ts';
import { ENVIRONMENT } from '../core/names.ts';
import { environmentVariable } from './environment.ts';

/** Has `run-command` send one command, once, and waits for what became of it. */
export async function askRunCommand(
  ctx: DurableContext,
  name: string,
  request: RunCommandRequest,
): Promise<RunCommandAnswer> {
  try {
    return await ctx.invoke<RunCommandRequest, RunCommandAnswer>(
      name,
      environmentVariable(ENVIRONMENT.runCommand),
      request,
    );
  } catch (error) {
    // the acting function failed as a whole: what it did is not known, and is never taken for a recovery
    if (error instanceof InvokeError) return { kind: 'unknown', detail: `run-command failed: ${error.message}` };
    throw error;
  }
}
