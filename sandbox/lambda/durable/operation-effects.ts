import { createHash, randomUUID } from 'node:crypto';
import type { ClockTimers } from '../clock-timers.ts';
import type { History } from './history.ts';
import type { Operation } from './operation.ts';
import { epochSeconds, isOpen } from './operation.ts';
import type { Change, OperationStore } from './operation-store.ts';
import type { ExecutionPorts } from './ports.ts';
import type { Update } from './update.ts';

/** What the effects of one execution work with. */
export interface EffectsScope {
  readonly arn: string;
  readonly store: OperationStore;
  readonly history: History;
  readonly timers: ClockTimers;
  readonly ports: ExecutionPorts;
  /** Something changed that the function should see. */
  wake(): void;
}

/** What an applied update sets in motion: timers, callbacks, other functions. */
export class OperationEffects {
  readonly #scope: EffectsScope;
  readonly #cancels = new Map<string, () => void>();
  readonly #heartbeats = new Map<string, { readonly seconds: number; cancel: () => void }>();

  constructor(scope: EffectsScope) {
    this.#scope = scope;
  }

  /** Follows an update that was just applied to this operation. */
  follow(operation: Operation, update: Update): void {
    const { history, timers, store } = this.#scope;
    if (update.Action === 'RETRY') {
      const NextAttemptDelaySeconds = update.StepOptions?.NextAttemptDelaySeconds ?? 0;
      history.changed(operation, { RetryDetails: { CurrentAttempt: operation.attempts, NextAttemptDelaySeconds } });
      timers.after(NextAttemptDelaySeconds, () => {
        store.change(operation, { status: 'READY' });
        this.#scope.wake();
      });
    } else if (update.Action !== 'START') {
      this.#forget(operation.id);
      history.changed(operation);
    } else if (operation.type === 'WAIT') this.#startWait(operation, update);
    else if (operation.type === 'CALLBACK') this.#startCallback(operation, update);
    else if (operation.type === 'CHAINED_INVOKE') this.#startChained(operation, update);
    else history.started(operation, {});
  }

  /** Ends an open operation from outside; false if it had ended before. */
  settle(operation: Operation, change: Change, details: Record<string, unknown> = {}): boolean {
    if (!isOpen(operation)) return false;
    this.#forget(operation.id);
    this.#scope.store.change(operation, change);
    this.#scope.history.changed(operation, details);
    this.#scope.wake();
    return true;
  }

  /** Starts the heartbeat timeout of a callback anew. */
  heartbeat(operation: Operation): void {
    const heartbeat = this.#heartbeats.get(operation.id);
    if (heartbeat === undefined) return;
    heartbeat.cancel();
    heartbeat.cancel = this.#timeOutAfter(operation, heartbeat.seconds, 'Callback timed out on heartbeat');
  }

  #startWait(operation: Operation, update: Update): void {
    const { history, timers, store, ports } = this.#scope;
    const Duration = update.WaitOptions?.WaitSeconds ?? 0;
    const waitEndsAtMillis = ports.clock.nowMillis() + Duration * 1000;
    store.change(operation, { waitEndsAtMillis }, false);
    history.started(operation, { Duration, ScheduledEndTimestamp: epochSeconds(waitEndsAtMillis) });
    this.#cancels.set(
      operation.id,
      timers.after(Duration, () => this.settle(operation, { status: 'SUCCEEDED' }, { Duration })),
    );
  }

  #startCallback(operation: Operation, update: Update): void {
    const { arn, history, store, ports } = this.#scope;
    // Base64 as in AWS: its signs must survive the way into a URL.
    const callbackId = Buffer.from(`${arn}|${operation.id}|${randomUUID()}`).toString('base64');
    store.change(operation, { callbackId }, false);
    ports.openCallback(callbackId, operation.id);
    const { TimeoutSeconds: timeout, HeartbeatTimeoutSeconds: seconds } = update.CallbackOptions ?? {};
    history.started(operation, { CallbackId: callbackId, Timeout: timeout, HeartbeatTimeout: seconds });
    if (timeout) this.#cancels.set(operation.id, this.#timeOutAfter(operation, timeout, 'Callback timed out'));
    if (seconds) {
      const cancel = this.#timeOutAfter(operation, seconds, 'Callback timed out on heartbeat');
      this.#heartbeats.set(operation.id, { seconds, cancel });
    }
  }

  #startChained(operation: Operation, update: Update): void {
    const { arn, history, ports } = this.#scope;
    const FunctionName = update.ChainedInvokeOptions?.FunctionName ?? '';
    history.started(operation, { FunctionName, Input: { Payload: update.Payload } });
    // The same operation always means the same child, however often it is started.
    const childName = createHash('sha256').update(`${arn}|${operation.id}`).digest('hex');
    void ports
      .startChained(FunctionName, update.Payload ?? '{}', childName)
      .then(({ status, result, error }) => this.settle(operation, { status, result, error }));
  }

  #timeOutAfter(operation: Operation, seconds: number, ErrorMessage: string): () => void {
    const change: Change = { status: 'TIMED_OUT', error: { ErrorMessage, ErrorType: 'Callback.Timeout' } };
    return this.#scope.timers.after(seconds, () => this.settle(operation, change));
  }

  #forget(operationId: string): void {
    this.#cancels.get(operationId)?.();
    this.#heartbeats.get(operationId)?.cancel();
    this.#cancels.delete(operationId);
    this.#heartbeats.delete(operationId);
  }
}
