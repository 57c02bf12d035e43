import type { InvocationOutcome } from '../function-definition.ts';
import * as z from 'zod/mini';
import { errorObject } from './update.ts';
import type { Closing } from './ports.ts';

const output = z.discriminatedUnion('Status', [
  z.object({ Status: z.literal('PENDING') }),
  z.object({ Status: z.literal('SUCCEEDED'), Result: z.optional(z.string()) }),
  z.object({ Status: z.literal('FAILED'), Error: z.optional(errorObject) }),
]);

/** What an invocation's end means for its execution: closed, suspended, or to be invoked again after a crash. */
export type InvocationResult = Closing | 'suspended' | { readonly crash: { ErrorType: string; ErrorMessage: string } };

/** Reads the outcome of one invocation of a durable function. */
export function readInvocationResult(outcome: InvocationOutcome): InvocationResult {
  // An error that reaches the runtime is one of the invocation: the SDK reports the execution's own as FAILED.
  if (outcome.kind !== 'returned') {
    return { crash: { ErrorType: outcome.error.errorType, ErrorMessage: outcome.error.errorMessage } };
  }
  const parsed = output.safeParse(JSON.parse(outcome.payload));
  if (!parsed.success) {
    return { status: 'FAILED', error: { ErrorMessage: 'Invalid Status in invocation output.' } };
  }
  if (parsed.data.Status === 'PENDING') return 'suspended';
  if (parsed.data.Status === 'FAILED') return { status: 'FAILED', error: parsed.data.Error ?? {} };
  const { Result: result } = parsed.data;
  return { status: 'SUCCEEDED', ...(result === undefined ? {} : { result }) };
}
