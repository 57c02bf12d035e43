import { ScaledClock } from '../clock.ts';

/** What a thread must know of the sandbox's clock to follow it. */
export interface FollowedClock {
  readonly speed: number;
  readonly startedAtMillis: number;
  /** Grows as the clock skips: memory of the thread that keeps the clock. */
  readonly skippedMillis: BigInt64Array;
}

/**
 * Makes the global Date of this thread follow a sandbox clock: `new Date()`, `Date()` and `Date.now()`.
 * Timers and `performance` stay real.
 */
export function followClock({ speed, startedAtMillis, skippedMillis }: FollowedClock): void {
  const RealDate = globalThis.Date;
  const clock = new ScaledClock(speed, startedAtMillis);
  // The clock's own nowMillis would ask the Date that is being replaced here.
  const now = (): number => Math.floor(clock.fromRealMillis(RealDate.now())) + Number(Atomics.load(skippedMillis, 0));
  const ClockedDate = new Proxy(RealDate, {
    construct: (target, values, newTarget) =>
      Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget),
    apply: () => new RealDate(now()).toString(),
    get: (target, property, receiver) => (property === 'now' ? now : Reflect.get(target, property, receiver)),
  });
  RealDate.prototype.constructor = ClockedDate;
  globalThis.Date = ClockedDate;
}
