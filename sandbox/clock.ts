/** The longest time that a timer of Node can be set to; a longer one would fire at once. */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

/** A call that waits for its time, epoch milliseconds of the clock. */
interface Timer {
  readonly dueMillis: number;
  readonly call: () => void;
  handle?: NodeJS.Timeout;
}

/**
 * The sandbox's clock: starts at the real time and runs `speed` times as fast.
 * Alarm periods, waits and soaks run by it; scripts and faults run in real time.
 */
export class ScaledClock {
  readonly speed: number;
  readonly startedAtMillis: number;
  /** Milliseconds that were skipped so far, in memory that threads share: they see a skip as it happens. */
  readonly skippedMillis = new BigInt64Array(new SharedArrayBuffer(BigInt64Array.BYTES_PER_ELEMENT));
  readonly #skips: { readonly atRealMillis: number; readonly millis: number }[] = [];
  readonly #timers = new Set<Timer>();

  constructor(speed: number, startedAtMillis = Date.now()) {
    this.speed = speed;
    this.startedAtMillis = startedAtMillis;
  }

  /** Epoch milliseconds, as the functions in the sandbox see them. */
  nowMillis(): number {
    return this.fromRealMillis(Date.now());
  }

  /** What this clock said when the real one said `realMillis`. */
  fromRealMillis(realMillis: number): number {
    const skipped = this.#skips.filter(({ atRealMillis }) => atRealMillis <= realMillis);
    const ran = (realMillis - this.startedAtMillis) * this.speed;
    return skipped.reduce((sum, { millis }) => sum + millis, this.startedAtMillis + ran);
  }

  /** Real milliseconds that pass while this clock moves on by `seconds`. */
  realMillisFor(seconds: number): number {
    return (seconds * 1000) / this.speed;
  }

  /**
   * Lets `seconds` pass at once. What comes due meanwhile happens right after, once, in the order in which it was due, and
   * at the new time: as on a machine that slept.
   */
  skip(seconds: number): void {
    const millis = Math.round(seconds * 1000);
    this.#skips.push({ atRealMillis: Date.now(), millis });
    Atomics.add(this.skippedMillis, 0, BigInt(millis));
    const inOrder = [...this.#timers].toSorted((one, other) => one.dueMillis - other.dueMillis);
    for (const timer of inOrder) this.#arm(timer);
  }

  /** Calls once after `seconds` of this clock, however many; the returned function cancels. */
  after(seconds: number, call: () => void): () => void {
    return this.#at(this.nowMillis() + seconds * 1000, call);
  }

  /** Calls every `seconds` of this clock, until the returned function is called. */
  every(seconds: number, call: () => void): () => void {
    const periodMillis = seconds * 1000;
    let cancel: () => void;
    const next = (dueMillis: number): void => {
      cancel = this.#at(dueMillis, () => {
        const followingMillis = dueMillis + periodMillis;
        const nowMillis = this.nowMillis();
        // what was missed is not made up for
        next(followingMillis > nowMillis ? followingMillis : nowMillis + periodMillis);
        call();
      });
    };
    next(this.nowMillis() + periodMillis);
    return () => cancel();
  }

  #at(dueMillis: number, call: () => void): () => void {
    const timer: Timer = { dueMillis, call };
    this.#timers.add(timer);
    this.#arm(timer);
    return () => {
      clearTimeout(timer.handle);
      this.#timers.delete(timer);
    };
  }

  #arm(timer: Timer): void {
    clearTimeout(timer.handle);
    const leftMillis = Math.max(0, Math.ceil((timer.dueMillis - this.nowMillis()) / this.speed));
    timer.handle = setTimeout(
      () => {
        if (leftMillis > LONGEST_TIMER_MILLIS) {
          this.#arm(timer);
          return;
        }
        this.#timers.delete(timer);
        timer.call();
      },
      Math.min(leftMillis, LONGEST_TIMER_MILLIS),
    );
  }
}
