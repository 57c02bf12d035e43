/** Load averages of one instance: processes running or in uninterruptible sleep, decaying as the kernel's do. */
export class LoadAccount {
  #averages: [number, number, number] = [0, 0, 0];

  /** Takes the number of such processes, which held for the last `seconds`. */
  advance(seconds: number, active: number): readonly [number, number, number] {
    const decayed = (average: number, windowSeconds: number) => {
      const keep = Math.exp(-seconds / windowSeconds);
      return average * keep + active * (1 - keep);
    };
    const [one, five, fifteen] = this.#averages;
    this.#averages = [decayed(one, 60), decayed(five, 300), decayed(fifteen, 900)];
    return this.#averages;
  }
}
