import type { CallRecord } from '../gateway/call-record.ts';

const WRITES = ['PutItem', 'UpdateItem', 'DeleteItem'];
const SENDS = ['SendMessage', 'SendMessageBatch'];

/**
 * Counts what is written to tables and sent to queues, as it passes the endpoint: who polls them need not ask while nothing
 * came. It misses what comes by other ways, such as a message that comes again by itself: pollers still ask now and then.
 */
export class Arrivals {
  readonly #counts = new Map<string, number>();
  readonly #waiting = new Set<() => void>();

  /** Takes note of a call that was answered. */
  note({ service, action, input, status }: Pick<CallRecord, 'service' | 'action' | 'input' | 'status'>): void {
    const place = placeOf(service, action, input);
    if (place === undefined || status >= 400) return;
    this.#counts.set(place, this.count(place) + 1);
    for (const look of this.#waiting) look();
  }

  /** How much has come so far at a table or queue, by its name. */
  count(place: string): number {
    return this.#counts.get(place) ?? 0;
  }

  /** Resolves once more has come there than `seen`, or when that much time has passed, or at the signal. */
  more(place: string, seen: number, millis: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const look = (): void => {
        if (this.count(place) > seen) end();
      };
      const timer = setTimeout(end, millis);
      this.#waiting.add(look);
      signal.addEventListener('abort', end);
      if (signal.aborted) end();
      else look();
    });
  }
}

/** Name of the table that a call wrote to, or of the queue that it sent to. */
function placeOf(service: string, action: string, input: Readonly<Record<string, unknown>>): string | undefined {
  if (service === 'dynamodb' && WRITES.includes(action)) return String(input['TableName']);
  if (service === 'sqs' && SENDS.includes(action)) return String(input['QueueUrl']).split('/').at(-1);
  return undefined;
}
