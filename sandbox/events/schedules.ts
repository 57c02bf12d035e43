import type { ScaledClock } from '../clock.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { EventRule } from '../stack/declarations.ts';

/** Starts functions by their rules' schedules, on the sandbox's clock. */
export class Schedules {
  readonly #clock: ScaledClock;
  readonly #lambda: LambdaService;
  readonly #problem: (text: string) => void;
  readonly #cancels = new Map<string, () => void>();

  constructor(clock: ScaledClock, lambda: LambdaService, problem: (text: string) => void) {
    this.#clock = clock;
    this.#lambda = lambda;
    this.#problem = problem;
  }

  /** Follows a rule from now on, instead of what was known under its name; one with a pattern has no schedule. */
  start(name: string, { everySeconds, targetArns }: EventRule): void {
    this.stop(name);
    if (everySeconds === undefined) return;
    const cancel = this.#clock.every(everySeconds, () => {
      for (const functionName of targetArns) {
        this.#lambda
          .invoke({ functionName, payload: '{}', invocationType: 'Event' })
          .catch((error: unknown) => this.#problem(String(error)));
      }
    });
    this.#cancels.set(name, cancel);
  }

  stop(name: string): void {
    this.#cancels.get(name)?.();
    this.#cancels.delete(name);
  }

  stopAll(): void {
    for (const name of this.#cancels.keys()) this.stop(name);
  }
}
