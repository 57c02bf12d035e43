import { randomUUID } from 'node:crypto';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { FunctionDefinition, InvocationOutcome } from './function-definition.ts';
import { LambdaError } from './lambda-error.ts';

const MOST_ENVIRONMENTS = 10;
const MOST_WAITING_CALLERS = 100;

/** One invocation that waits for, or has, an environment. */
export interface PoolRequest {
  readonly invokedArn: string;
  /** True: somebody waits for the answer, so a long queue is refused with 429. */
  readonly callerWaits: boolean;
  /** Asked for when an environment is free, so that the payload is not older than the invocation. */
  readonly payload: (requestId: string, environment: ExecutionEnvironment) => string;
}

type Entry = { readonly request: PoolRequest; readonly resolve: (outcome: InvocationOutcome) => void };

/** The execution environments of one version of a function, and the invocations that wait for one. */
export class EnvironmentPool {
  readonly #limit: number;
  readonly #create: () => ExecutionEnvironment;
  readonly #environments = new Set<ExecutionEnvironment>();
  readonly #waiting: Entry[] = [];
  #stopped = false;
  #retired = false;

  constructor(definition: FunctionDefinition, create: () => ExecutionEnvironment) {
    this.#limit = definition.reservedConcurrency ?? MOST_ENVIRONMENTS;
    this.#create = create;
  }

  /** @throws TooManyRequestsException where a caller would wait behind too many others */
  async run(request: PoolRequest): Promise<InvocationOutcome> {
    const throttled = this.#limit === 0 || this.#waiting.length >= MOST_WAITING_CALLERS;
    if (request.callerWaits && throttled) throw new LambdaError('TooManyRequestsException', 'Rate Exceeded.', 429);
    return new Promise((resolve) => {
      this.#waiting.push({ request, resolve });
      this.#serve();
    });
  }

  /** Kills the environments that are running an invocation and match; says how many. */
  async killBusy(matches: (environment: ExecutionEnvironment) => boolean): Promise<number> {
    const chosen = [...this.#environments].filter((environment) => environment.busy && matches(environment));
    await Promise.all(chosen.map((environment) => environment.kill()));
    return chosen.length;
  }

  /** Kills all; those who wait get a crash. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const error = { errorType: 'Runtime.ExitError', errorMessage: 'sandbox is stopping' };
    for (const { resolve } of this.#waiting.splice(0)) resolve({ kind: 'crashed', error });
    await Promise.all([...this.#environments].map((environment) => environment.kill()));
  }

  /** Lets what runs and what waits end, and keeps no environment warm any more: the version is gone. */
  retire(): void {
    this.#retired = true;
    for (const environment of this.#environments) if (!environment.busy) void environment.kill();
  }

  #serve(): void {
    while (!this.#stopped && this.#waiting.length > 0) {
      const environment = this.#freeEnvironment();
      if (environment === undefined) return;
      const entry = this.#waiting.shift();
      if (entry !== undefined) void this.#runOn(environment, entry);
    }
  }

  #freeEnvironment(): ExecutionEnvironment | undefined {
    for (const environment of this.#environments) {
      if (!environment.alive && !environment.busy) this.#environments.delete(environment);
    }
    const warm = [...this.#environments].find((environment) => !environment.busy);
    if (warm !== undefined || this.#environments.size >= this.#limit) return warm;
    const fresh = this.#create();
    this.#environments.add(fresh);
    return fresh;
  }

  async #runOn(environment: ExecutionEnvironment, { request, resolve }: Entry): Promise<void> {
    const requestId = randomUUID();
    const { invokedArn } = request;
    const payload = request.payload(requestId, environment);
    const outcome = await environment.run({ requestId, payload, invokedArn });
    if (this.#retired && this.#waiting.length === 0) await environment.kill();
    if (!environment.alive) this.#environments.delete(environment);
    resolve(outcome);
    this.#serve();
  }
}
