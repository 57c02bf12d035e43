import type { ScaledClock } from '../clock.ts';
import { errorAnswer, type Route } from '../gateway/aws-call.ts';
import { Activity } from './activity.ts';
import { ClockTimers } from './clock-timers.ts';
import { DurableExecutions } from './durable/durable-executions.ts';
import { DurableRoutes } from './durable/durable-routes.ts';
import { type ExecutionSummary, summarize } from './durable/execution-view.ts';
import { EnvironmentPool, type PoolRequest } from './environment-pool.ts';
import { ExecutionEnvironment } from './execution-environment.ts';
import type { Faults } from './faults.ts';
import type {
  FunctionDefinition,
  InvocationEnd,
  InvocationOutcome,
  InvokeRequest,
  InvokeResult,
} from './function-definition.ts';
import { FunctionRegistry, type ResolvedFunction } from './function-registry.ts';
import { FunctionRoutes } from './function-routes.ts';
import { Invoker } from './invoker.ts';
import { Removals } from './removals.ts';
import { toErrorAnswer, toRestCall } from './rest.ts';

/** What the emulated Lambda needs. */
export interface LambdaOptions {
  readonly clock: ScaledClock;
  /** URL of the sandbox's AWS endpoint; asked when an environment starts. */
  readonly endpoint: () => string;
  /** Takes every line that a function writes. */
  readonly onLog: (functionName: string, line: string) => void;
  /** Told of every invocation once it is over, replays of executions included; default: nobody. */
  readonly onInvocation?: (end: InvocationEnd) => void;
}

/** The emulated Lambda, durable functions included. */
export interface LambdaService {
  /** The functions that exist; changed by whoever deploys. */
  readonly functions: FunctionRegistry;
  /** Deletes a function or one of its versions, and resolves when it is gone. @throws LambdaError for what AWS would refuse */
  remove(functionName: string, version?: string): Promise<void>;
  /** Invoke for callers in this process. @throws LambdaError for what AWS would refuse */
  invoke(request: InvokeRequest): Promise<InvokeResult>;
  /** The HTTP API. */
  readonly route: Route;
  /** Hooks for tests of crashes; may be changed at any time. */
  readonly faults: Faults;
  /** Kills what runs under this access key, function name or session token (one environment); says how many. */
  killEnvironment(accessKeyIdOrName: string): Promise<number>;
  executions(): ExecutionSummary[];
  /** Resolves when the execution of this ARN or name has closed. @throws ResourceNotFoundException */
  closed(arnOrName: string): Promise<ExecutionSummary>;
  /** Resolves when nothing runs and no event is queued; suspended executions do not count. */
  idle(): Promise<void>;
  /** Ends all threads and timers; running executions close as stopped. */
  stop(): Promise<void>;
}

/** Makes an emulated Lambda without functions. */
export function createLambdaService({ clock, endpoint, onLog, onInvocation }: LambdaOptions): LambdaService {
  const faults: Faults = {};
  const activity = new Activity();
  const timers = new ClockTimers(clock);
  const pools = new Map<FunctionDefinition, EnvironmentPool>();
  const registry = new FunctionRegistry((gone) => pools.get(gone)?.retire());
  let stopping = false;

  const run = async (
    { definition, qualifier, version, invokedArn }: ResolvedFunction,
    request: Omit<PoolRequest, 'invokedArn'>,
  ) => {
    const create = () => new ExecutionEnvironment(definition, version, clock, endpoint(), onLog);
    const pool = pools.get(definition) ?? new EnvironmentPool(definition, create);
    pools.set(definition, pool);
    const startedAtMillis = clock.nowMillis();
    const over = (became: InvocationEnd['became']): void =>
      onInvocation?.({
        functionName: definition.name,
        startedAtMillis,
        became,
        ...(qualifier === undefined ? {} : { qualifier }),
      });
    const outcome = await pool.run({ ...request, invokedArn }).catch((error: unknown) => {
      over('throttled');
      throw error;
    });
    over(outcome.kind === 'returned' ? 'returned' : 'failed');
    if (outcome.kind !== 'returned') {
      onLog(definition.name, `ERROR ${outcome.error.errorType}: ${outcome.error.errorMessage}`);
    }
    return outcome;
  };

  const runPlain = (target: ResolvedFunction, payload: string, callerWaits: boolean): Promise<InvocationOutcome> =>
    run(target, {
      callerWaits,
      payload: (requestId) => {
        faults.onInvocation?.({ functionName: target.definition.name, requestId });
        return payload;
      },
    });

  const executions: DurableExecutions = new DurableExecutions({
    track: (work) => activity.during(work),
    portsFor: (target) => ({
      clock,
      faults,
      run: (payload) => run(target, { callerWaits: false, payload }),
      startChained: (functionName, payload, name) => invoker.startChained(functionName, payload, name),
    }),
  });
  const invoker = new Invoker({ registry, executions, activity, timers, stopping: () => stopping, run: runPlain });
  const invoke = (request: InvokeRequest): Promise<InvokeResult> => invoker.invoke(request);
  const removals = new Removals(registry, executions);
  const remove = (functionName: string, version?: string): Promise<void> => removals.remove(functionName, version);
  const routes = [new FunctionRoutes({ registry, invoke, remove }), new DurableRoutes(executions, registry)];

  return {
    faults,
    invoke,
    functions: registry,
    remove,
    async route(call) {
      if (call.service !== 'lambda') return 'forward';
      try {
        const rest = toRestCall(call);
        for (const part of routes) {
          const answer = await part.answer(rest);
          if (answer !== undefined) return answer;
        }
        return errorAnswer('UnknownOperationException', `${call.method} ${call.path} is not emulated`, 404);
      } catch (error) {
        return toErrorAnswer(error);
      }
    },
    async killEnvironment(accessKeyIdOrName) {
      const killed = [...pools].map(([{ name, accessKeyId }, pool]) =>
        pool.killBusy(({ id }) => [name, accessKeyId, id].includes(accessKeyIdOrName)),
      );
      return (await Promise.all(killed)).reduce((sum, count) => sum + count, 0);
    },
    executions: () => executions.list().map(summarize),
    async closed(arnOrName) {
      const execution = executions.find(arnOrName);
      await execution.closed;
      return summarize(execution);
    },
    idle: () => activity.idle(),
    async stop() {
      stopping = true;
      timers.cancelAll();
      executions.stopAll();
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}
