import { bytesFreed, resultOf, VISIT_RESULTS, type Visit, type VisitResult } from './visit.ts';

/** Why a run ended; `finished`: every instance was visited or held. */
export const RUN_ENDS = [
  'finished',
  'too-many-errors',
  'paused',
  'facts-unavailable',
  'outside-window',
  'ran-too-long',
  'came-late',
  'no-such-chore',
] as const;
export type RunEnd = (typeof RUN_ENDS)[number];

/** What a run did, counted. */
export interface Tally {
  /** Instances that it was about. */
  readonly instances: number;
  readonly counts: Readonly<Record<VisitResult, number>>;
  /** Instances that it did not come to. */
  readonly notReached: number;
  readonly bytesFreed: number;
}

/** Counts the visits of a run that was about so many instances. */
export function tally(visits: readonly Visit[], instances: number): Tally {
  const results = visits.map(resultOf);
  const count = (wanted: VisitResult): number => results.filter((result) => result === wanted).length;
  return {
    instances,
    counts: {
      cleaned: count('cleaned'),
      'would-clean': count('would-clean'),
      'nothing-to-do': count('nothing-to-do'),
      held: count('held'),
      failed: count('failed'),
    },
    notReached: instances - visits.length,
    bytesFreed: visits.reduce((sum, visit) => sum + bytesFreed(visit), 0),
  };
}

/** `5 instances: 3 cleaned, 1 held, 1 failed; 12 MiB freed`: for people. */
export function describeTally({ instances, counts, notReached, bytesFreed: bytes }: Tally): string {
  const parts = [
    ...VISIT_RESULTS.filter((result) => counts[result] > 0).map((result) => `${counts[result]} ${result}`),
    ...(notReached > 0 ? [`${notReached} not reached`] : []),
  ];
  const noun = instances === 1 ? 'instance' : 'instances';
  return `${instances} ${noun}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}; ${Math.floor(bytes / 1_048_576)} MiB freed`;
}
