/** A clock that stands until a test moves it; it runs 10 times as fast as the real one. */
export class StillClock {
  now: number;
  readonly startedAt: number;

  constructor(startedAt: string) {
    this.now = Date.parse(startedAt);
    this.startedAt = this.now;
  }

  nowMillis(): number {
    return this.now;
  }

  fromRealMillis(realMillis: number): number {
    return this.startedAt + (realMillis - this.startedAt) * 10;
  }

  after(): () => void {
    return () => {};
  }

  moveTo(time: string): void {
    this.now = Date.parse(time);
  }
}
