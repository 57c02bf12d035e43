import type { ErrorObject } from '@aws/durable-execution-sdk-js';
import type { ScaledClock } from '../../clock.ts';
import type { ExecutionEnvironment } from '../execution-environment.ts';
import type { Faults } from '../faults.ts';
import type { InvocationOutcome } from '../function-definition.ts';

/** How an execution, or a function that one invoked, came to its end. */
export interface Closing {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'STOPPED';
  readonly result?: string;
  readonly error?: ErrorObject;
}

/** What an execution needs of the rest of the service. */
export interface ExecutionPorts {
  readonly clock: ScaledClock;
  readonly faults: Faults;
  /** Runs one invocation of the execution's function. */
  run(payload: (requestId: string, environment: ExecutionEnvironment) => string): Promise<InvocationOutcome>;
  /** Starts a function for `ctx.invoke`; a repeated start under the same name joins the first. */
  startChained(functionName: string, payload: string, executionName: string): Promise<Closing>;
  /** Makes a callback's id known to the API. */
  openCallback(callbackId: string, operationId: string): void;
}
