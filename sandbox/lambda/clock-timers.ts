import type { ScaledClock } from '../clock.ts';

/** Timers of one owner on the sandbox's clock, that can be cancelled together. */
export class ClockTimers {
  readonly #clock: ScaledClock;
  readonly #cancels = new Set<() => void>();

  constructor(clock: ScaledClock) {
    this.#clock = clock;
  }

  /** Calls once after `seconds` of the clock; the returned function cancels. */
  after(seconds: number, call: () => void): () => void {
    const cancelTimer = this.#clock.after(seconds, () => {
      this.#cancels.delete(cancel);
      call();
    });
    const cancel = (): void => {
      cancelTimer();
      this.#cancels.delete(cancel);
    };
    this.#cancels.add(cancel);
    return cancel;
  }

  /** Resolves after `seconds` of the clock with true, or with false once it was cancelled with the others. */
  sleep(seconds: number): Promise<boolean> {
    return new Promise((resolve) => {
      const cancelTimer = this.after(seconds, () => {
        this.#cancels.delete(cancel);
        resolve(true);
      });
      const cancel = (): void => {
        cancelTimer();
        this.#cancels.delete(cancel);
        resolve(false);
      };
      this.#cancels.add(cancel);
    });
  }

  cancelAll(): void {
    for (const cancel of this.#cancels) cancel();
  }
}
