import * as z from 'zod/mini';
import { invalidParameter } from '../lambda-error.ts';

const text = z.optional(z.string());
const seconds = z.optional(z.number());

/** An error as it travels in checkpoints, callbacks and StopDurableExecution. */
export const errorObject = z.object({
  ErrorMessage: text,
  ErrorType: text,
  ErrorData: text,
  StackTrace: z.optional(z.array(z.string())),
});

const update = z.object({
  Id: z.string(),
  ParentId: text,
  Name: text,
  Type: z.enum(['EXECUTION', 'CONTEXT', 'STEP', 'WAIT', 'CALLBACK', 'CHAINED_INVOKE']),
  SubType: text,
  Action: z.enum(['START', 'SUCCEED', 'FAIL', 'RETRY', 'CANCEL']),
  Payload: text,
  Error: z.optional(errorObject),
  ContextOptions: z.optional(z.object({ ReplayChildren: z.optional(z.boolean()) })),
  StepOptions: z.optional(z.object({ NextAttemptDelaySeconds: seconds })),
  WaitOptions: z.optional(z.object({ WaitSeconds: seconds })),
  CallbackOptions: z.optional(z.object({ TimeoutSeconds: seconds, HeartbeatTimeoutSeconds: seconds })),
  ChainedInvokeOptions: z.optional(z.object({ FunctionName: z.string() })),
});

/** A change of one operation that a checkpoint asks for. */
export type Update = z.infer<typeof update>;

const checkpointRequest = z.object({
  CheckpointToken: z.string(),
  ClientToken: text,
  Updates: z.optional(z.array(update)),
});

/** Body of CheckpointDurableExecution. */
export type CheckpointRequest = z.infer<typeof checkpointRequest>;

/** @throws InvalidParameterValueException that names what is wrong */
export function parseCheckpointRequest(input: unknown): CheckpointRequest {
  const parsed = checkpointRequest.safeParse(input);
  if (!parsed.success) throw invalidParameter(`checkpoint is malformed: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
