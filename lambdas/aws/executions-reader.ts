import { type Execution, ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { lambda } from './clients.ts';

/** A durable execution that runs or waits. */
export interface RunningExecution {
  readonly name: string;
  /** The version that it is pinned to, as its ARN says: `…:function:<name>:<version>/durable-execution/…`. */
  readonly version: string;
  readonly startedAtMillis: number;
}

/** Every execution of a durable function that has not ended, whatever version it runs. */
export async function runningExecutions(functionName: string): Promise<RunningExecution[]> {
  const found: RunningExecution[] = [];
  let Marker: string | undefined;
  do {
    const page = await lambda().send(
      new ListDurableExecutionsByFunctionCommand({ FunctionName: functionName, Statuses: ['RUNNING'], Marker }),
    );
    found.push(...(page.DurableExecutions ?? []).map(runningExecution));
    Marker = page.NextMarker;
  } while (Marker !== undefined);
  return found;
}

function runningExecution({ DurableExecutionArn = '', DurableExecutionName = '', StartTimestamp }: Execution) {
  const version = /:function:[^:/]+:([^:/]+)\/durable-execution\//.exec(DurableExecutionArn)?.[1] ?? 'unknown';
  return { name: DurableExecutionName, version, startedAtMillis: StartTimestamp?.getTime() ?? 0 };
}
