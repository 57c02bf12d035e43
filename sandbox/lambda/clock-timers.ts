import type { ScaledClock } from '../clock.ts';

const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** Timers of one owner on the sandbox's clock, of any length, that can be cancelled together. */
export class ClockTimers {
  readonly #clock: ScaledClock;
  readonly #cancels = new Set<() => void>();

  constructor(clock: ScaledClock) {
    this.#clock = clock;
  }

  /** Calls once after `seconds` of the clock; the returned function cancels. */
  after(seconds: number, call: () => void): () => void {
    // A timer longer than 2^31 ms would fire at once.
    const longestSeconds = (LONGEST_TIMER_MILLIS / 1000) * this.#clock.speed;
    const step = Math.min(seconds, longestSeconds);
    let cancelStep: () => void = () => undefined;
    const cancel = (): void => {
      cancelStep();
      this.#cancels.delete(cancel);
    };
    const arm = (left: number): void => {
      cancelStep = this.#clock.after(Math.min(left, step), () => {
        if (left > step) arm(left - step);
        else {
          this.#cancels.delete(cancel);
          call();
        }
      });
    };
    this.#cancels.add(cancel);
    arm(seconds);
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
