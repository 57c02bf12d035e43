import type { Activity } from './activity.ts';
import type { ClockTimers } from './clock-timers.ts';
import type { DurableExecutions } from './durable/durable-executions.ts';
import type { Closing } from './durable/ports.ts';
import type { FunctionError, InvocationOutcome, InvokeRequest, InvokeResult } from './function-definition.ts';
import type { FunctionRegistry, ResolvedFunction } from './function-registry.ts';
import { invalidParameter, LambdaError } from './lambda-error.ts';

const SYNC_LIMIT_BYTES = 6 * 1024 * 1024;
const ASYNC_LIMIT_BYTES = 1024 * 1024;
const SYNC_EXECUTION_LIMIT_SECONDS = 900;
/** Before each further delivery of an asynchronous event: AWS's two, which an alias has unless it is told otherwise. */
const RETRY_DELAYS_SECONDS = [60, 120];

/** What invoking needs of the service. */
export interface InvokerScope {
  readonly registry: FunctionRegistry;
  readonly executions: DurableExecutions;
  readonly activity: Activity;
  readonly timers: ClockTimers;
  /** Whether the service is ending: what it cuts short then is nobody's failure. */
  readonly stopping: () => boolean;
  /** Runs a plain function once. */
  run(target: ResolvedFunction, payload: string, callerWaits: boolean): Promise<InvocationOutcome>;
}

/** Invoke, for plain and durable functions: now, later, or only checked. */
export class Invoker {
  readonly #scope: InvokerScope;

  constructor(scope: InvokerScope) {
    this.#scope = scope;
  }

  /** @throws LambdaError for what AWS would refuse */
  async invoke(request: InvokeRequest): Promise<InvokeResult> {
    const target = this.#scope.registry.invocable(request.functionName, request.qualifier);
    const payload = request.payload.trim() === '' ? '{}' : request.payload;
    checkPayload(payload, request.invocationType);
    const { durable } = target.definition;
    if (durable === undefined && request.durableExecutionName !== undefined) {
      throw invalidParameter(`durable execution name given, but ${target.definition.name} is not a durable function`);
    }
    if (durable !== undefined && target.qualifier === undefined) {
      throw invalidParameter('You cannot invoke a durable function using an unqualified ARN.');
    }
    const executedVersion = target.version;
    if (request.invocationType === 'DryRun') return { statusCode: 204, payload: '', executedVersion };
    if (durable !== undefined) return this.#invokeDurable(target, payload, request);
    if (request.invocationType === 'Event') {
      void this.#scope.activity.during(this.#deliver(target, payload));
      return { statusCode: 202, payload: '', executedVersion };
    }
    const outcome = await this.#scope.activity.during(this.#scope.run(target, payload, true));
    return outcome.kind === 'returned'
      ? { statusCode: 200, payload: outcome.payload, executedVersion }
      : { statusCode: 200, functionError: 'Unhandled', payload: JSON.stringify(outcome.error), executedVersion };
  }

  /** Starts what `ctx.invoke` names; whatever is wrong with it is the operation's error. */
  async startChained(functionName: string, payload: string, executionName: string): Promise<Closing> {
    try {
      const target = this.#scope.registry.invocable(functionName);
      if (target.definition.durable === undefined) {
        return toClosing(await this.#scope.activity.during(this.#scope.run(target, payload, false)));
      }
      if (target.qualifier === undefined) {
        throw invalidParameter('You cannot invoke a durable function using an unqualified ARN.');
      }
      return await this.#scope.executions.start(target, payload, executionName).execution.closed;
    } catch (error) {
      if (!(error instanceof LambdaError)) throw error;
      return { status: 'FAILED', error: { ErrorType: error.type, ErrorMessage: error.message } };
    }
  }

  async #invokeDurable(target: ResolvedFunction, payload: string, request: InvokeRequest): Promise<InvokeResult> {
    const { definition, version: executedVersion } = target;
    const asynchronous = request.invocationType === 'Event';
    if (!asynchronous && (definition.durable?.executionTimeoutSeconds ?? 0) > SYNC_EXECUTION_LIMIT_SECONDS) {
      throw invalidParameter(
        'You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.',
      );
    }
    const { execution, fresh } = this.#scope.executions.start(target, payload, request.durableExecutionName);
    const durableExecutionArn = execution.start.arn;
    if (asynchronous) {
      if (fresh) void this.#watch(target, payload, execution.closed);
      return { statusCode: 202, payload: '', executedVersion, durableExecutionArn };
    }
    const { status, result, error } = await execution.closed;
    if (status === 'SUCCEEDED')
      return { statusCode: 200, payload: result || 'null', executedVersion, durableExecutionArn };
    const errorType = error?.ErrorType ?? status;
    const failure = JSON.stringify({
      errorType,
      errorMessage: error?.ErrorMessage ?? `execution is ${status}`,
      trace: error?.StackTrace,
    });
    return { statusCode: 200, functionError: 'Unhandled', payload: failure, executedVersion, durableExecutionArn };
  }

  /** Lambda never retries an execution: what failed goes to the dead-letter queue. */
  async #watch({ definition }: ResolvedFunction, payload: string, closed: Promise<Closing>): Promise<void> {
    const { status, error } = await closed;
    if (status === 'SUCCEEDED' || this.#scope.stopping()) return;
    const text = `${error?.ErrorType ?? status}: ${error?.ErrorMessage ?? `execution is ${status}`}`;
    await this.#scope.activity.during(Promise.resolve(definition.deadLetter?.(payload, text)));
  }

  async #deliver(target: ResolvedFunction, payload: string): Promise<void> {
    for (const delaySeconds of [...RETRY_DELAYS_SECONDS, undefined]) {
      const outcome = await this.#scope.run(target, payload, false);
      if (outcome.kind === 'returned') return;
      if (delaySeconds === undefined) {
        // where all ends, its queue has ended too
        if (this.#scope.stopping()) return;
        await target.definition.deadLetter?.(payload, `${outcome.error.errorType}: ${outcome.error.errorMessage}`);
        return;
      }
      const waited = await this.#scope.timers.sleep(delaySeconds);
      if (!waited) return;
    }
  }
}

function checkPayload(payload: string, invocationType: InvokeRequest['invocationType']): void {
  const bytes = Buffer.byteLength(payload);
  if (invocationType === 'Event' && bytes > ASYNC_LIMIT_BYTES) {
    const message = `${bytes} byte payload is too large for the Event invocation type (limit ${ASYNC_LIMIT_BYTES} bytes)`;
    throw new LambdaError('RequestEntityTooLargeException', message, 413);
  }
  if (bytes > SYNC_LIMIT_BYTES) {
    const message = `Request must be smaller than ${SYNC_LIMIT_BYTES} bytes for the InvokeFunction operation`;
    throw new LambdaError('RequestEntityTooLargeException', message, 413);
  }
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new LambdaError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}

function toClosing(outcome: InvocationOutcome): Closing {
  if (outcome.kind === 'returned') return { status: 'SUCCEEDED', result: outcome.payload };
  const { errorType, errorMessage, trace }: FunctionError = outcome.error;
  const StackTrace = trace === undefined ? {} : { StackTrace: [...trace] };
  return { status: 'FAILED', error: { ErrorType: errorType, ErrorMessage: errorMessage, ...StackTrace } };
}
