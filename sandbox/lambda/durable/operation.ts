import type { ErrorObject } from '@aws/durable-execution-sdk-js';

/** Kinds of durable operations, as on the wire. */
export type OperationType = 'EXECUTION' | 'CONTEXT' | 'STEP' | 'WAIT' | 'CALLBACK' | 'CHAINED_INVOKE';

/** States of an operation, as on the wire. */
export type OperationStatus =
  | 'STARTED'
  | 'PENDING'
  | 'READY'
  | 'SUCCEEDED'
  | 'FAILED'
  | 'CANCELLED'
  | 'TIMED_OUT'
  | 'STOPPED';

/** One operation of an execution; times are epoch milliseconds of the sandbox's clock. */
export interface Operation {
  readonly id: string;
  readonly parentId?: string;
  readonly name?: string;
  readonly type: OperationType;
  readonly subType?: string;
  readonly startedAtMillis: number;
  endedAtMillis?: number;
  status: OperationStatus;
  /** Attempts of a step that ended. */
  attempts: number;
  nextAttemptAtMillis?: number;
  waitEndsAtMillis?: number;
  callbackId?: string;
  replayChildren?: boolean;
  inputPayload?: string;
  result?: string;
  error?: ErrorObject;
  /** Rises over the whole execution with every change. */
  revision: number;
  /** The last change came from outside: a timer, a callback, a chained function. */
  changedOutside: boolean;
}

const OPEN: ReadonlySet<OperationStatus> = new Set(['STARTED', 'PENDING', 'READY']);

/** Whether the operation can still change. */
export function isOpen(operation: Operation): boolean {
  return OPEN.has(operation.status);
}

/** Timestamps of the invocation event. */
export const isoTime = (millis: number): string => new Date(millis).toISOString();

/** Timestamps of HTTP answers. */
export const epochSeconds = (millis: number): number => Math.round(millis) / 1000;

/** An operation as the SDK and the API know it; absent members are left out by JSON. */
export function toWire(operation: Operation, time: (millis: number) => string | number): Record<string, unknown> {
  const at = (millis: number | undefined): string | number | undefined =>
    millis === undefined ? millis : time(millis);
  const { type, result: Result, error: Error } = operation;
  return {
    Id: operation.id,
    ParentId: operation.parentId,
    Name: operation.name,
    Type: type,
    SubType: operation.subType,
    StartTimestamp: time(operation.startedAtMillis),
    EndTimestamp: at(operation.endedAtMillis),
    Status: operation.status,
    ExecutionDetails: type === 'EXECUTION' ? { InputPayload: operation.inputPayload } : undefined,
    ContextDetails: type === 'CONTEXT' ? { ReplayChildren: operation.replayChildren, Result, Error } : undefined,
    StepDetails:
      type === 'STEP'
        ? { Attempt: operation.attempts, NextAttemptTimestamp: at(operation.nextAttemptAtMillis), Result, Error }
        : undefined,
    WaitDetails: type === 'WAIT' ? { ScheduledEndTimestamp: at(operation.waitEndsAtMillis) } : undefined,
    CallbackDetails: type === 'CALLBACK' ? { CallbackId: operation.callbackId, Result, Error } : undefined,
    ChainedInvokeDetails: type === 'CHAINED_INVOKE' ? { Result, Error } : undefined,
  };
}
