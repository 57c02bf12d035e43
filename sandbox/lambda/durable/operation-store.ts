import { randomUUID } from 'node:crypto';
import type { Operation } from './operation.ts';
import { isOpen } from './operation.ts';
import type { Update } from './update.ts';

const END_STATUS = { SUCCEED: 'SUCCEEDED', FAIL: 'FAILED', CANCEL: 'CANCELLED' } as const;

/** What may change of an operation. */
export type Change = Partial<
  Pick<
    Operation,
    | 'status'
    | 'result'
    | 'error'
    | 'attempts'
    | 'nextAttemptAtMillis'
    | 'waitEndsAtMillis'
    | 'callbackId'
    | 'replayChildren'
  >
>;

/** The operations of one execution, each change numbered. */
export class OperationStore {
  readonly #operations = new Map<string, Operation>();
  readonly #nowMillis: () => number;
  #revision = 0;

  constructor(inputPayload: string, nowMillis: () => number) {
    this.#nowMillis = nowMillis;
    this.#add({ Id: randomUUID(), Type: 'EXECUTION', Action: 'START' }).inputPayload = inputPayload;
  }

  get all(): ReadonlyMap<string, Operation> {
    return this.#operations;
  }

  /** Number of the last change. */
  get revision(): number {
    return this.#revision;
  }

  get(id: string): Operation | undefined {
    return this.#operations.get(id);
  }

  changedSince(revision: number): Operation[] {
    return [...this.#operations.values()].filter((operation) => operation.revision > revision);
  }

  /** What a replay is told: without the children of contexts that ended and do not replay them. */
  forReplay(): Operation[] {
    const hidden = new Set<string>();
    return [...this.#operations.values()].filter(({ id, parentId }) => {
      const parent = parentId === undefined ? undefined : this.#operations.get(parentId);
      if (parent === undefined) return true;
      const ended = !isOpen(parent) && parent.replayChildren !== true;
      if (ended || hidden.has(parent.id)) hidden.add(id);
      return !hidden.has(id);
    });
  }

  /** Applies one update of a checkpoint; rules were checked before. */
  apply(update: Update): Operation {
    const operation = this.#operations.get(update.Id) ?? this.#add(update);
    const { Action: action, Payload: result, Error: error } = update;
    if (action === 'START') {
      // A step that starts again keeps the state which its last attempt left.
      return this.change(operation, { status: 'STARTED', nextAttemptAtMillis: undefined }, false);
    }
    const attempts = operation.type === 'STEP' ? operation.attempts + 1 : operation.attempts;
    if (action === 'RETRY') {
      const delaySeconds = update.StepOptions?.NextAttemptDelaySeconds ?? 0;
      const nextAttemptAtMillis = this.#nowMillis() + delaySeconds * 1000;
      return this.change(operation, { status: 'PENDING', attempts, nextAttemptAtMillis, result, error }, false);
    }
    const replayChildren = update.ContextOptions?.ReplayChildren;
    return this.change(operation, { status: END_STATUS[action], attempts, result, error, replayChildren }, false);
  }

  /** Changes an operation; `outside` says that no checkpoint asked for it. */
  change(operation: Operation, change: Change, outside = true): Operation {
    Object.assign(operation, change);
    if (!isOpen(operation)) operation.endedAtMillis ??= this.#nowMillis();
    this.#revision += 1;
    operation.revision = this.#revision;
    operation.changedOutside = outside;
    return operation;
  }

  #add({ Id, ParentId, Name, Type, SubType }: Update): Operation {
    const operation: Operation = {
      id: Id,
      ...(ParentId === undefined ? {} : { parentId: ParentId }),
      ...(Name === undefined ? {} : { name: Name }),
      type: Type,
      ...(SubType === undefined ? {} : { subType: SubType }),
      startedAtMillis: this.#nowMillis(),
      status: 'STARTED',
      attempts: 0,
      revision: 0,
      changedOutside: false,
    };
    this.#operations.set(Id, operation);
    return operation;
  }
}
