/** Counts what is going on, and says when nothing is. */
export class Activity {
  #count = 0;
  #waiting: (() => void)[] = [];

  /** Counts until the promise settles. */
  async during<T>(work: Promise<T>): Promise<T> {
    this.#count += 1;
    try {
      return await work;
    } finally {
      this.#count -= 1;
      // What ended may be what starts the next: look only after it had its turn.
      if (this.#count === 0) setImmediate(() => this.#tell());
    }
  }

  /** Resolves when nothing counts any more; at once if nothing does. */
  idle(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      setImmediate(() => this.#tell());
    });
  }

  #tell(): void {
    if (this.#count > 0) return;
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
