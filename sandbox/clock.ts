/**
 * The sandbox's clock: starts at the real time and runs `speed` times as fast.
 * Alarm periods, waits and soaks run by it; scripts and faults run in real time.
 */
export class ScaledClock {
  readonly speed: number;
  readonly startedAtMillis: number;

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
    return this.startedAtMillis + (realMillis - this.startedAtMillis) * this.speed;
  }

  /** Real milliseconds that pass while this clock moves on by `seconds`. */
  realMillisFor(seconds: number): number {
    return (seconds * 1000) / this.speed;
  }

  /** Calls once after `seconds` of this clock; the returned function cancels. */
  after(seconds: number, call: () => void): () => void {
    const timer = setTimeout(call, this.realMillisFor(seconds));
    return () => clearTimeout(timer);
  }

  /** Calls every `seconds` of this clock, until the returned function is called. */
  every(seconds: number, call: () => void): () => void {
    const timer = setInterval(call, this.realMillisFor(seconds));
    return () => clearInterval(timer);
  }
}
