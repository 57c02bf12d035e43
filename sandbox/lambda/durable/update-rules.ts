import { invalidParameter } from '../lambda-error.ts';
import type { Operation, OperationStatus, OperationType } from './operation.ts';
import type { Update } from './update.ts';

const MOST_OPERATIONS = 3_000;
const PAYLOAD_LIMIT_BYTES = 256 * 1024;
const CHAINED_INPUT_LIMIT_BYTES = 1024 * 1024;
const RESULT_LIMIT_BYTES = 6 * 1024 * 1024;
const ERROR_LIMIT_BYTES = 32 * 1024;

type State = OperationStatus | 'absent';
type Rule = Partial<Record<Update['Action'], readonly State[]>>;

/** From which states of an operation each action is allowed. */
const ALLOWED: Record<OperationType, Rule> = {
  EXECUTION: { SUCCEED: ['absent', 'STARTED'], FAIL: ['absent', 'STARTED'] },
  CONTEXT: { START: ['absent'], SUCCEED: ['absent', 'STARTED'], FAIL: ['absent', 'STARTED'] },
  STEP: {
    START: ['absent', 'READY'],
    SUCCEED: ['absent', 'STARTED', 'READY'],
    FAIL: ['absent', 'STARTED', 'READY'],
    RETRY: ['absent', 'STARTED', 'READY'],
  },
  WAIT: { START: ['absent'], CANCEL: ['STARTED'] },
  CALLBACK: { START: ['absent'], CANCEL: ['STARTED'] },
  CHAINED_INVOKE: { START: ['absent'], CANCEL: ['STARTED'] },
};

function checkSizes({ Type, Payload = '', Error }: Update): void {
  const limits: Partial<Record<OperationType, number>> = {
    CHAINED_INVOKE: CHAINED_INPUT_LIMIT_BYTES,
    EXECUTION: RESULT_LIMIT_BYTES,
  };
  const limit = limits[Type] ?? PAYLOAD_LIMIT_BYTES;
  const bytes = Buffer.byteLength(Payload);
  if (bytes > limit) throw invalidParameter(`${Type} payload of ${bytes} bytes is too large, at most ${limit} bytes`);
  const errorBytes = Error === undefined ? 0 : Buffer.byteLength(JSON.stringify(Error));
  if (errorBytes > ERROR_LIMIT_BYTES) {
    throw invalidParameter(`${Type} error of ${errorBytes} bytes is too large, at most ${ERROR_LIMIT_BYTES} bytes`);
  }
}

/**
 * Refuses a whole checkpoint if one of its updates is not allowed, so that it is applied entirely or not at all.
 * @throws InvalidParameterValueException
 */
export function checkUpdates(updates: readonly Update[], operations: ReadonlyMap<string, Operation>): void {
  const states = new Map<string, { type: OperationType; state: State }>();
  for (const { id, type, status } of operations.values()) states.set(id, { type, state: status });
  for (const update of updates) {
    checkSizes(update);
    const { Id, Type, Action, ParentId } = update;
    const before = states.get(Id);
    const state = before?.state ?? 'absent';
    if (before !== undefined && before.type !== Type) {
      throw invalidParameter(`operation ${Id} is a ${before.type}, the checkpoint calls it a ${Type}`);
    }
    if (!(ALLOWED[Type][Action] ?? []).includes(state)) {
      throw invalidParameter(`Invalid current ${Type} state to ${Action.toLowerCase()}: ${Id} is ${state}.`);
    }
    if (ParentId !== undefined && states.get(ParentId)?.type !== 'CONTEXT') {
      throw invalidParameter(`Invalid parent operation id: ${ParentId} is not a CONTEXT.`);
    }
    states.set(Id, {
      type: Type,
      state: Action === 'START' ? 'STARTED' : Action === 'RETRY' ? 'PENDING' : 'SUCCEEDED',
    });
  }
  if (states.size > MOST_OPERATIONS) {
    throw invalidParameter(`execution would have ${states.size} operations, at most ${MOST_OPERATIONS}`);
  }
}
