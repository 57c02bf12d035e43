import type { AwsCall } from './aws-call.ts';

/** One call that was answered, for the permissions proof, the timeline and tests. */
export interface CallRecord {
  /** When the call came in, epoch milliseconds of the sandbox's clock. */
  readonly at: number;
  readonly service: string;
  readonly action: string;
  readonly accessKeyId: string;
  readonly input: Record<string, unknown>;
  /** HTTP status of the answer. */
  readonly status: number;
  readonly errorType?: string;
}

/** What a test may do to calls on their way. */
export interface Interception {
  /** Asked before a call is carried out; `throttle` answers ThrottlingException instead of carrying it out. */
  beforeForward?(call: AwsCall): 'throttle' | undefined | Promise<'throttle' | undefined>;
  /** Asked after a call was carried out; `drop` closes its connection instead of answering. */
  beforeAnswer?(record: CallRecord): 'drop' | undefined | Promise<'drop' | undefined>;
}

/** Keeps the newest `limit` records; a sandbox that stays up for days must not grow for ever. */
export class CallLog {
  readonly #limit: number;
  #records: CallRecord[] = [];

  constructor(limit = 50_000) {
    this.#limit = limit;
  }

  add(record: CallRecord): void {
    this.#records.push(record);
    // Cut in one go at twice the limit: cheaper than shifting at every call.
    if (this.#records.length >= 2 * this.#limit) this.#records = this.#records.slice(-this.#limit);
  }

  all(): CallRecord[] {
    return this.#records.slice(-this.#limit);
  }
}
