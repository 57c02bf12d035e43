/** Where the emulation says what it could not do; nothing that goes wrong with one alarm stops another. */
export class Problems {
  readonly #onProblem: (problem: string) => void;
  readonly #told = new Set<string>();

  constructor(onProblem: (problem: string) => void) {
    this.#onProblem = onProblem;
  }

  /** Tells of something that would come again with every evaluation. */
  tellOnce(problem: string): void {
    if (this.#told.has(problem)) return;
    this.#told.add(problem);
    this.#onProblem(problem);
  }

  /** Does something that may fail, and tells where it did. */
  async attempt(what: string, act: () => Promise<void> | void): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#onProblem(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
