import type { RunCommandAnswer } from '../../../../lambdas/core/contract.ts';
import { describeTally, tally } from '../../../../lambdas/core/maintenance/tally.ts';
import { resultOf, type Visit, type VisitResult } from '../../../../lambdas/core/maintenance/visit.ts';

const reported = (result: string, bytesFreed?: number): RunCommandAnswer =>
  JSON.parse(
    JSON.stringify({ kind: 'reported', report: { result, summary: 'so it went', bytesFreed }, commandId: 'c' }),
  );
const visited = (answer: RunCommandAnswer): Visit => ({ kind: 'visited', purpose: 'clean', answer });
const held: Visit = { kind: 'held', reason: 'opted-out', detail: 'a tag' };

test.each<[RunCommandAnswer, VisitResult]>([
  [reported('changed'), 'cleaned'],
  [reported('would-change'), 'would-clean'],
  [reported('nothing-to-do'), 'nothing-to-do'],
  [reported('busy'), 'held'],
  [reported('stale-fence'), 'held'],
  [reported('refused'), 'failed'],
  [reported('unknown'), 'failed'],
  [{ kind: 'refused', reason: 'opted-out', detail: 'since it was looked at' }, 'held'],
  [{ kind: 'not-started', detail: 'SSM could not deliver it' }, 'failed'],
  [{ kind: 'unknown', detail: 'the output was cut' }, 'failed'],
])('an answer counts once: %j', (answer, result) => {
  expect(resultOf(visited(answer))).toBe(result);
});

test('S25: a run is counted instance by instance, those that it did not reach too', () => {
  const visits = [
    visited(reported('changed', 3_000_000)),
    visited(reported('changed', 2_000_000)),
    held,
    visited({ kind: 'unknown', detail: 'lost' }),
  ];
  expect(tally(visits, 6)).toEqual({
    instances: 6,
    counts: { cleaned: 2, 'would-clean': 0, 'nothing-to-do': 0, held: 1, failed: 1 },
    notReached: 2,
    bytesFreed: 5_000_000,
  });
  expect(describeTally(tally(visits, 6))).toBe('6 instances: 2 cleaned, 1 held, 1 failed, 2 not reached; 4 MiB freed');
  expect(describeTally(tally([], 0))).toBe('0 instances; 0 MiB freed');
});
