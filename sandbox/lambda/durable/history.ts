import type { Operation, OperationType } from './operation.ts';
import { epochSeconds } from './operation.ts';

const PREFIX: Record<OperationType, string> = {
  EXECUTION: 'Execution',
  CONTEXT: 'Context',
  STEP: 'Step',
  WAIT: 'Wait',
  CALLBACK: 'Callback',
  CHAINED_INVOKE: 'ChainedInvoke',
};

/** How an event of a history ends, after the operation's type. */
export type HistorySuffix = 'Started' | 'Succeeded' | 'Failed' | 'TimedOut' | 'Stopped' | 'Cancelled';

const SUFFIX_OF_STATUS: Partial<Record<Operation['status'], HistorySuffix>> = {
  SUCCEEDED: 'Succeeded',
  FAILED: 'Failed',
  TIMED_OUT: 'TimedOut',
  STOPPED: 'Stopped',
  CANCELLED: 'Cancelled',
  // A step that waits for its next attempt has failed this one.
  PENDING: 'Failed',
};

type Details = Record<string, unknown>;

/** What happened in one execution, as GetDurableExecutionHistory tells it. */
export class History {
  readonly #events: { readonly event: Details; readonly detailsKey: string; readonly details: Details }[] = [];
  readonly #nowMillis: () => number;

  constructor(nowMillis: () => number) {
    this.#nowMillis = nowMillis;
  }

  started(operation: Operation, details: Details): void {
    this.#add(`${PREFIX[operation.type]}Started`, operation, details);
  }

  /** Records that the operation took a state other than started. */
  changed(operation: Operation, details: Details = {}): void {
    const suffix =
      operation.status === 'PENDING' && operation.error === undefined
        ? 'Succeeded'
        : SUFFIX_OF_STATUS[operation.status];
    if (suffix === undefined) return;
    const outcome =
      suffix === 'Succeeded' ? { Result: { Payload: operation.result } } : { Error: { Payload: operation.error } };
    const retry = operation.type === 'STEP' ? { RetryDetails: { CurrentAttempt: operation.attempts } } : {};
    this.#add(`${PREFIX[operation.type]}${suffix}`, operation, { ...outcome, ...retry, ...details });
  }

  invocationCompleted(requestId: string, startedAtMillis: number, error: unknown): void {
    this.#add('InvocationCompleted', undefined, {
      StartTimestamp: epochSeconds(startedAtMillis),
      EndTimestamp: epochSeconds(this.#nowMillis()),
      RequestId: requestId,
      Error: { Payload: error },
    });
  }

  /** Events in order of time; payloads only on request, as in AWS. */
  events(includePayloads: boolean): Details[] {
    return this.#events.map(({ event, detailsKey, details }) => ({
      ...event,
      [detailsKey]: includePayloads ? details : Object.fromEntries(Object.entries(details).map(withoutPayload)),
    }));
  }

  #add(eventType: string, operation: Operation | undefined, details: Details): void {
    const event = {
      EventType: eventType,
      EventId: this.#events.length + 1,
      EventTimestamp: epochSeconds(this.#nowMillis()),
      Id: operation?.id,
      Name: operation?.name,
      ParentId: operation?.parentId,
      SubType: operation?.subType,
    };
    this.#events.push({ event, detailsKey: `${eventType}Details`, details });
  }
}

function withoutPayload([key, value]: [string, unknown]): [string, unknown] {
  return typeof value === 'object' && value !== null && 'Payload' in value ? [key, {}] : [key, value];
}
