import type { RunEnd } from './tally.ts';

/** How a chore's newest run ended, as it is kept for whoever asks. */
export interface LastRun {
  readonly runId: string;
  readonly ended: RunEnd;
  /** ISO 8601. */
  readonly endedAt: string;
  /** One sentence of what it did. */
  readonly summary: string;
  /** Instances on which it failed. */
  readonly failed: number;
}
