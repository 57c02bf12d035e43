import type { ErrorObject } from '@aws/durable-execution-sdk-js';
import { ClockTimers } from '../clock-timers.ts';
import type { ExecutionEnvironment } from '../execution-environment.ts';
import type { ResolvedFunction } from '../function-registry.ts';
import { invalidParameter, LambdaError } from '../lambda-error.ts';
import { shallKill } from '../faults.ts';
import { History } from './history.ts';
import { readInvocationResult } from './invocation-result.ts';
import { type CheckpointAnswer, InvocationSession } from './invocation-session.ts';
import { epochSeconds, isOpen, isoTime, type OperationType, toWire } from './operation.ts';
import { OperationEffects } from './operation-effects.ts';
import { OperationStore } from './operation-store.ts';
import type { Closing, ExecutionPorts } from './ports.ts';
import { type StatePage, statePage } from './state-page.ts';
import type { CheckpointRequest, Update } from './update.ts';
import { checkUpdates } from './update-rules.ts';

const CRASH_BACKOFF_SECONDS = [1, 2, 4, 8, 16];
/** Operations that only running code can end. */
const ENDED_BY_CODE: ReadonlySet<OperationType> = new Set(['EXECUTION', 'CONTEXT']);
const INVALID_TOKEN = 'Invalid Checkpoint Token';

/** Identity and input of an execution. */
export interface ExecutionStart {
  readonly arn: string;
  readonly name: string;
  readonly target: ResolvedFunction;
  readonly payload: string;
  readonly executionTimeoutSeconds: number;
}

/** One durable execution: its operations, and the invocations that drive it to its end. */
export class DurableExecution {
  readonly start: ExecutionStart;
  readonly startedAtMillis: number;
  readonly store: OperationStore;
  readonly history: History;
  readonly effects: OperationEffects;
  /** Resolves when the execution has closed, in whatever way. */
  readonly closed: Promise<Closing>;
  readonly #ports: ExecutionPorts;
  readonly #timers: ClockTimers;
  readonly #track: (work: Promise<void>) => Promise<void>;
  #close!: (closing: Closing) => void;
  #closing: Closing | undefined;
  #endedAtMillis: number | undefined;
  #session: InvocationSession | undefined;
  #seenRevision = 0;
  #invocations = 0;
  #updates = 0;
  #driving = false;

  constructor(start: ExecutionStart, ports: ExecutionPorts, track: (work: Promise<void>) => Promise<void>) {
    this.start = start;
    this.#ports = ports;
    this.#track = track;
    const nowMillis = (): number => Math.floor(ports.clock.nowMillis());
    this.startedAtMillis = nowMillis();
    this.#timers = new ClockTimers(ports.clock);
    this.store = new OperationStore(start.payload, nowMillis);
    this.history = new History(nowMillis);
    this.closed = new Promise((resolve) => {
      this.#close = resolve;
    });
    const { arn } = start;
    const wake = (): void => this.wake();
    this.effects = new OperationEffects({
      arn,
      store: this.store,
      history: this.history,
      timers: this.#timers,
      ports,
      wake,
    });
    this.history.started(this.#root, {
      Input: { Payload: start.payload },
      ExecutionTimeout: start.executionTimeoutSeconds,
    });
    const error = {
      ErrorType: 'ExecutionTimedOut',
      ErrorMessage: `execution took more than ${start.executionTimeoutSeconds} seconds`,
    };
    this.#timers.after(start.executionTimeoutSeconds, () => this.close({ status: 'TIMED_OUT', error }));
  }

  get status(): Closing['status'] | 'RUNNING' {
    return this.#closing?.status ?? 'RUNNING';
  }

  get closing(): Closing | undefined {
    return this.#closing;
  }

  get endedAtMillis(): number | undefined {
    return this.#endedAtMillis;
  }

  get invocations(): number {
    return this.#invocations;
  }

  /** Invokes the function, unless an invocation runs that will see the change. */
  wake(): void {
    if (this.#driving || this.#closing !== undefined) return;
    this.#driving = true;
    void this.#track(this.#drive());
  }

  /** Ends the execution; an invocation that still runs is refused at its next checkpoint. */
  close(closing: Closing): void {
    if (this.#closing !== undefined) return;
    this.#closing = closing;
    this.#endedAtMillis = Math.floor(this.#ports.clock.nowMillis());
    this.#timers.cancelAll();
    const { status, result, error } = closing;
    this.history.changed(this.store.change(this.#root, { status, result, error }));
    this.#close(closing);
  }

  /** @throws InvalidParameterValueException for a stale token or an update that is not allowed */
  async checkpoint(request: CheckpointRequest): Promise<CheckpointAnswer> {
    const session = this.#session;
    const repeated = session?.repeated(request.ClientToken);
    if (repeated !== undefined) return repeated;
    if (session === undefined || this.#closing !== undefined || !session.accepts(request.CheckpointToken)) {
      throw invalidParameter(INVALID_TOKEN);
    }
    const updates = request.Updates ?? [];
    checkUpdates(updates, this.store.all);
    const firstIndex = this.#updates;
    this.#updates += updates.length;
    await this.#mayKill(session, updates, firstIndex, 'before');
    for (const update of updates) this.#apply(update);
    session.progressed ||= updates.length > 0;
    await this.#mayKill(session, updates, firstIndex, 'after');
    const changed = this.store.changedSince(session.seenRevision).filter(({ type }) => type !== 'EXECUTION');
    session.seenRevision = this.store.revision;
    return session.answer(
      request.ClientToken,
      changed.map((operation) => toWire(operation, epochSeconds)),
    );
  }

  /** A page of the state, for the invocation that runs. */
  state(token: string, marker = '0', mostOperations?: number): StatePage {
    if (this.#session?.mayRead(token) !== true) throw invalidParameter(INVALID_TOKEN);
    return statePage(this.store.forReplay(), Number(marker), epochSeconds, mostOperations);
  }

  get #root() {
    const [root] = this.store.all.values();
    if (root === undefined) throw new Error('execution has no EXECUTION operation');
    return root;
  }

  #apply(update: Update): void {
    if (update.Type === 'EXECUTION') {
      // How the SDK hands over a result that is too large to be returned.
      const { Payload: result, Error: error } = update;
      this.close(update.Action === 'SUCCEED' ? { status: 'SUCCEEDED', result } : { status: 'FAILED', error });
      return;
    }
    this.effects.follow(this.store.apply(update), update);
  }

  async #mayKill(session: InvocationSession, updates: readonly Update[], firstIndex: number, when: 'before' | 'after') {
    const { name: executionName, target } = this.start;
    const place = { functionName: target.definition.name, executionName, firstIndex };
    if (!shallKill(this.#ports.faults, place, updates, when)) return;
    await session.environment.kill('Sandbox.Killed', `killed ${when} a checkpoint`);
    throw new LambdaError('ServiceException', 'the environment that sent this checkpoint was killed', 500);
  }

  async #drive(): Promise<void> {
    let crashes = 0;
    while (this.#closing === undefined) {
      const { result, session } = await this.#invokeOnce();
      if (this.#closing !== undefined) break;
      if (result === 'suspended') {
        if (this.#unseenChange()) continue;
        if (this.#nothingOutstanding()) this.#fail('Cannot return PENDING status with no pending operations.');
        break;
      }
      if ('status' in result) {
        this.close(result);
        break;
      }
      crashes = session?.progressed === true ? 1 : crashes + 1;
      const backoffSeconds = CRASH_BACKOFF_SECONDS[crashes - 1];
      if (backoffSeconds === undefined) this.close({ status: 'FAILED', error: result.crash });
      else await this.#timers.sleep(backoffSeconds);
    }
    this.#driving = false;
  }

  async #invokeOnce() {
    const opened: { session?: InvocationSession } = {};
    const outcome = await this.#ports.run((requestId, environment) => {
      opened.session = this.#openSession(requestId, environment);
      return this.#event(opened.session);
    });
    const { session } = opened;
    this.#session = undefined;
    this.#seenRevision = session?.seenRevision ?? this.#seenRevision;
    const result = readInvocationResult(outcome);
    const error: ErrorObject | undefined = typeof result === 'object' && 'crash' in result ? result.crash : undefined;
    if (session !== undefined) this.history.invocationCompleted(session.requestId, session.startedAtMillis, error);
    return { result, session };
  }

  #openSession(requestId: string, environment: ExecutionEnvironment): InvocationSession {
    this.#invocations += 1;
    const session = new InvocationSession(requestId, environment, this.store.revision, this.#ports.clock.nowMillis());
    this.#session = session;
    this.#ports.faults.onInvocation?.({
      functionName: this.start.target.definition.name,
      requestId,
      executionName: this.start.name,
    });
    return session;
  }

  #event({ firstToken }: InvocationSession): string {
    const changed = this.store.changedSince(this.#seenRevision).filter(({ changedOutside }) => changedOutside);
    return JSON.stringify({
      DurableExecutionArn: this.start.arn,
      CheckpointToken: firstToken,
      UpdatedOperationIds: changed.map(({ id }) => id),
      InitialExecutionState: statePage(this.store.forReplay(), 0, isoTime),
    });
  }

  /** Something happened outside that the last invocation could not know when it suspended. */
  #unseenChange(): boolean {
    return this.store.changedSince(this.#seenRevision).some(({ changedOutside }) => changedOutside);
  }

  #nothingOutstanding(): boolean {
    return ![...this.store.all.values()].some(
      (operation) =>
        isOpen(operation) &&
        (operation.type === 'STEP' ? operation.status !== 'STARTED' : !ENDED_BY_CODE.has(operation.type)),
    );
  }

  #fail(ErrorMessage: string): void {
    this.close({ status: 'FAILED', error: { ErrorType: 'InvalidParameterValueException', ErrorMessage } });
  }
}
