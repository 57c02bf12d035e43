import { assertNever } from '../assert-never.ts';
import type { RunCommandAnswer } from '../contract.ts';
import type { ChorePurpose } from '../purpose.ts';
import type { HoldReason } from '../reasons.ts';

/** What became of one instance in a run. */
export type Visit =
  /** A guard refused before anything was sent. */
  | { readonly kind: 'held'; readonly reason: HoldReason; readonly detail: string }
  | { readonly kind: 'visited'; readonly purpose: ChorePurpose; readonly answer: RunCommandAnswer };

export const VISIT_RESULTS = ['cleaned', 'would-clean', 'nothing-to-do', 'held', 'failed'] as const;
export type VisitResult = (typeof VISIT_RESULTS)[number];

/** What counts of a visit; only `failed` counts against `maxErrors`. */
export function resultOf(visit: Visit): VisitResult {
  if (visit.kind === 'held') return 'held';
  const { answer } = visit;
  switch (answer.kind) {
    // refused in the step that would have sent: somebody opted out, paused or acts there
    case 'refused':
      return 'held';
    case 'not-started':
    case 'unknown':
    case 'checked':
      return 'failed';
    case 'reported':
      switch (answer.report.result) {
        case 'changed':
          return 'cleaned';
        case 'would-change':
          return 'would-clean';
        case 'nothing-to-do':
        case 'already-healthy':
          return 'nothing-to-do';
        case 'busy':
        case 'stale-fence':
          return 'held';
        case 'unknown':
        case 'refused':
          return 'failed';
        default:
          return assertNever(answer.report.result);
      }
    default:
      return assertNever(answer);
  }
}

/** Bytes that a visit freed; a preview frees none. */
export function bytesFreed(visit: Visit): number {
  if (visit.kind === 'held' || visit.purpose === 'preview' || visit.answer.kind !== 'reported') return 0;
  return visit.answer.report.bytesFreed ?? 0;
}
