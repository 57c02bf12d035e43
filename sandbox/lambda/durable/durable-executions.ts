import { randomUUID } from 'node:crypto';
import type { ErrorObject } from '@aws/durable-execution-sdk-js';
import type { ResolvedFunction } from '../function-registry.ts';
import { invalidParameter, LambdaError, notFound } from '../lambda-error.ts';
import { executionArn } from '../names.ts';
import { DurableExecution } from './durable-execution.ts';
import type { Operation } from './operation.ts';
import type { ExecutionPorts } from './ports.ts';

const EXECUTION_NAME = /^[a-zA-Z0-9-_]{1,64}$/;
const CALLBACK_RESULT_LIMIT_BYTES = 256 * 1024;

/** What starting an execution needs of the service; `openCallback` is this class's own. */
export interface ExecutionsScope {
  portsFor(target: ResolvedFunction): Omit<ExecutionPorts, 'openCallback'>;
  readonly track: (work: Promise<void>) => Promise<void>;
}

/** All durable executions of the sandbox, by ARN and by name, and their callbacks. */
export class DurableExecutions {
  readonly #scope: ExecutionsScope;
  readonly #byArn = new Map<string, DurableExecution>();
  readonly #byName = new Map<string, DurableExecution>();
  readonly #callbacks = new Map<string, { readonly execution: DurableExecution; readonly operationId: string }>();

  constructor(scope: ExecutionsScope) {
    this.#scope = scope;
  }

  list(): DurableExecution[] {
    return [...this.#byArn.values()];
  }

  /**
   * Starts an execution, or finds the one of this name with the same payload, running or closed.
   * @throws DurableExecutionAlreadyStartedException if the name belongs to another payload or function; another version is none
   */
  start(
    target: ResolvedFunction,
    payload: string,
    name: string = randomUUID(),
  ): { execution: DurableExecution; fresh: boolean } {
    if (!EXECUTION_NAME.test(name)) {
      throw invalidParameter(`durable execution name '${name}' must be 1 to 64 of a-z, A-Z, 0-9, - and _`);
    }
    const { definition, version } = target;
    const existing = this.#byName.get(name);
    if (existing !== undefined) {
      const { start } = existing;
      if (start.payload === payload && start.target.definition.name === definition.name)
        return { execution: existing, fresh: false };
      throw new LambdaError(
        'DurableExecutionAlreadyStartedException',
        `Durable execution already started with a different payload: ${start.arn}`,
        409,
      );
    }
    const arn = executionArn(definition.name, version, name, randomUUID());
    const executionTimeoutSeconds = definition.durable?.executionTimeoutSeconds ?? 0;
    const openCallback = (callbackId: string, operationId: string): void => {
      this.#callbacks.set(callbackId, { execution, operationId });
    };
    const ports = { ...this.#scope.portsFor(target), openCallback };
    const execution = new DurableExecution(
      { arn, name, target, payload, executionTimeoutSeconds },
      ports,
      this.#scope.track,
    );
    this.#byArn.set(arn, execution);
    this.#byName.set(name, execution);
    execution.wake();
    return { execution, fresh: true };
  }

  /** Executions of a function, in the order of their start; of one version if that is given. */
  of(functionName: string, version?: string): DurableExecution[] {
    return this.list().filter(
      ({ start: { target } }) =>
        target.definition.name === functionName && (version === undefined || target.version === version),
    );
  }

  /** Finds by ARN, or by name for callers in this process. @throws ResourceNotFoundException */
  find(arnOrName: string): DurableExecution {
    const execution = this.#byArn.get(arnOrName) ?? this.#byName.get(arnOrName);
    if (execution === undefined) throw notFound(`Durable execution not found: ${arnOrName}`);
    return execution;
  }

  /** @throws CallbackTimeoutException if the callback has closed */
  succeedCallback(callbackId: string, result: string): void {
    const bytes = Buffer.byteLength(result);
    if (bytes > CALLBACK_RESULT_LIMIT_BYTES) {
      throw invalidParameter(
        `callback result of ${bytes} bytes is too large, at most ${CALLBACK_RESULT_LIMIT_BYTES} bytes`,
      );
    }
    const { execution, operation } = this.#openCallback(callbackId);
    execution.effects.settle(operation, { status: 'SUCCEEDED', ...(result === '' ? {} : { result }) });
  }

  /** @throws CallbackTimeoutException if the callback has closed */
  failCallback(callbackId: string, error: ErrorObject): void {
    const { execution, operation } = this.#openCallback(callbackId);
    execution.effects.settle(operation, { status: 'FAILED', error });
  }

  /** @throws CallbackTimeoutException if the callback has closed */
  heartbeatCallback(callbackId: string): void {
    const { execution, operation } = this.#openCallback(callbackId);
    execution.effects.heartbeat(operation);
  }

  /** Closes every running execution as stopped. */
  stopAll(): void {
    for (const execution of this.list())
      execution.close({ status: 'STOPPED', error: { ErrorMessage: 'sandbox is stopping' } });
  }

  #openCallback(callbackId: string): { execution: DurableExecution; operation: Operation } {
    const callback = this.#callbacks.get(callbackId);
    const operation = callback?.execution.store.get(callback.operationId);
    if (callback === undefined || operation === undefined) throw notFound(`Callback not found: ${callbackId}`);
    const { execution } = callback;
    if (execution.status !== 'RUNNING' || operation.status !== 'STARTED') {
      throw new LambdaError(
        'CallbackTimeoutException',
        `Callback is closed: it is ${operation.status}, its execution ${execution.status}`,
      );
    }
    return { execution, operation };
  }
}
