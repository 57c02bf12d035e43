import type { DurableExecution } from './durable-execution.ts';
import { epochSeconds } from './operation.ts';

/** An execution as tests and the sandbox's tour look at it; times are epoch milliseconds of the sandbox's clock. */
export interface ExecutionSummary {
  readonly arn: string;
  readonly name: string;
  readonly functionName: string;
  readonly status: string;
  readonly startedAtMillis: number;
  readonly endedAtMillis?: number;
  readonly result?: string;
  readonly error?: { readonly ErrorType?: string | undefined; readonly ErrorMessage?: string | undefined };
  readonly operations: number;
  readonly invocations: number;
}

/** What has become of an execution so far. */
export function summarize(execution: DurableExecution): ExecutionSummary {
  const { start, status, startedAtMillis, endedAtMillis, closing, invocations, store } = execution;
  return {
    arn: start.arn,
    name: start.name,
    functionName: start.target.definition.name,
    status,
    startedAtMillis,
    ...(endedAtMillis === undefined ? {} : { endedAtMillis }),
    ...(closing?.result === undefined ? {} : { result: closing.result }),
    ...(closing?.error === undefined ? {} : { error: closing.error }),
    operations: store.all.size,
    invocations,
  };
}

/** An element of ListDurableExecutionsByFunction. */
export function toListEntry({
  start,
  status,
  startedAtMillis,
  endedAtMillis,
}: DurableExecution): Record<string, unknown> {
  return {
    DurableExecutionArn: start.arn,
    DurableExecutionName: start.name,
    FunctionArn: start.arn.slice(0, start.arn.indexOf('/')),
    Status: status,
    StartTimestamp: epochSeconds(startedAtMillis),
    EndTimestamp: endedAtMillis === undefined ? undefined : epochSeconds(endedAtMillis),
  };
}

/** Answer of GetDurableExecution. */
export function toDescription(execution: DurableExecution, includePayloads: boolean): Record<string, unknown> {
  const { start, closing } = execution;
  const { durable } = start.target.definition;
  return {
    ...toListEntry(execution),
    Version: start.target.version,
    DurableConfig: {
      ExecutionTimeout: durable?.executionTimeoutSeconds,
      RetentionPeriodInDays: durable?.retentionDays,
    },
    ExecutionDataIncluded: includePayloads,
    ...(includePayloads ? { InputPayload: start.payload, Result: closing?.result, Error: closing?.error } : {}),
  };
}
