import type { Datum, Dimensions } from '../cloudwatch/store.ts';
import type { ExecutionSummary } from '../lambda/durable/execution-view.ts';
import type { InvocationEnd } from '../lambda/function-definition.ts';
import { oneValue } from './one-value.ts';

/**
 * What Lambda puts into `AWS/Lambda` of one invocation: `Errors` is 0 where it did not fail, a throttled one counts as
 * neither `Invocations` nor `Errors`, and the time is when the function was invoked.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export function invocationMetrics({ functionName, qualifier, startedAtMillis, became }: InvocationEnd): Datum[] {
  const counts = {
    Throttles: became === 'throttled' ? 1 : 0,
    ...(became === 'throttled' ? {} : { Invocations: 1, Errors: became === 'failed' ? 1 : 0 }),
  };
  return Object.entries(counts).flatMap(([metric, value]) =>
    dimensionsOf(functionName, qualifier).map((dimensions) => count(metric, dimensions, value, startedAtMillis)),
  );
}

const CLOSED: Readonly<Record<string, string>> = {
  SUCCEEDED: 'DurableExecutionSucceeded',
  FAILED: 'DurableExecutionFailed',
  TIMED_OUT: 'DurableExecutionTimedOut',
  STOPPED: 'DurableExecutionStopped',
};

/**
 * What Lambda puts of the executions that closed within a time.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html
 */
export function executionMetrics(
  executions: readonly ExecutionSummary[],
  afterMillis: number,
  byMillis: number,
): Datum[] {
  return executions.flatMap(({ functionName, status, endedAtMillis }) => {
    const metric = CLOSED[status];
    if (metric === undefined || endedAtMillis === undefined) return [];
    if (endedAtMillis <= afterMillis || endedAtMillis > byMillis) return [];
    return [count(metric, { FunctionName: functionName }, 1, endedAtMillis)];
  });
}

/** By function, by version or alias, and across all functions. */
function dimensionsOf(functionName: string, qualifier: string | undefined): Dimensions[] {
  const FunctionName = functionName;
  const byResource = qualifier === undefined ? [] : [{ FunctionName, Resource: `${functionName}:${qualifier}` }];
  return [{ FunctionName }, ...byResource, {}];
}

function count(metric: string, dimensions: Dimensions, value: number, atMillis: number): Datum {
  return oneValue({ namespace: 'AWS/Lambda', metric, dimensions, unit: 'Count' }, value, atMillis);
}
