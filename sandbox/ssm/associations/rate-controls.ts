/** How an association's run is held back: https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-state-manager-targets-and-rate-controls.html */
export interface RateControls {
  /** Most targets at once, in number or percent. */
  readonly maxConcurrency: string;
  /** Failures that are allowed, in number or percent: one more stops the run. */
  readonly maxErrors: string;
}

/** Most of so many targets that run at once: one at least. */
export function concurrencyOf({ maxConcurrency }: RateControls, targets: number): number {
  return Math.max(1, share(maxConcurrency, targets));
}

/** Whether so many failures of so many targets stop the run: of 50 targets 10 % stop it at the sixth. */
export function stopsAt({ maxErrors }: RateControls, targets: number, failures: number): boolean {
  return failures > share(maxErrors, targets);
}

function share(text: string, whole: number): number {
  return text.endsWith('%') ? Math.floor((Number(text.slice(0, -1)) / 100) * whole) : Number(text);
}
