import { assertNever } from './assert-never.ts';
import type { ActAnswer } from './contract.ts';

/** Whether a repair changed anything, as far as its answer tells. */
export type Started = 'started' | 'not-started' | 'unknown';

/** A repair that was refused, or that found the instance busy, did not start; one without a report may have. */
export function startedBy(answer: ActAnswer): Started {
  switch (answer.kind) {
    case 'refused':
    case 'not-started':
      return 'not-started';
    case 'checked':
    case 'unknown':
      return 'unknown';
    case 'changed':
      return 'started';
    case 'reported':
      switch (answer.report.result) {
        case 'changed':
        case 'nothing-to-do':
        case 'already-healthy':
          return 'started';
        case 'would-change':
        case 'busy':
        case 'stale-fence':
        case 'refused':
          return 'not-started';
        case 'unknown':
          return 'unknown';
        default:
          return assertNever(answer.report.result);
      }
    default:
      return assertNever(answer);
  }
}

/** One sentence of what a repair did, or why it did not. */
export function summarise(answer: ActAnswer): string {
  switch (answer.kind) {
    case 'refused':
      return `refused (${answer.reason}): ${answer.detail}`;
    case 'not-started':
    case 'unknown':
      return answer.detail;
    case 'checked':
      return answer.reading.evidence;
    case 'changed':
      return answer.summary;
    case 'reported':
      return answer.report.summary;
    default:
      return assertNever(answer);
  }
}
