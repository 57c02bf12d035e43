import type { RunCommandAnswer } from '../../../lambdas/core/contract.ts';
import { evidenceLines } from '../../../lambdas/core/evidence-lines.ts';
import type { RepairReport } from '../../../lambdas/core/repair-report.ts';

const reported = (report: Partial<RepairReport>): RunCommandAnswer => ({
  kind: 'reported',
  report: { result: 'changed', summary: 's', ...report },
  commandId: 'c-1',
});

test('what a repair saw and left becomes one line each', () => {
  const answer = reported({
    evidence: {
      load: '8.1',
      top: ['41 busy root 97.0 %', '52 web www 3.0 %'],
    },
    left: [{ why: 'not expendable', count: 2 }],
  });
  expect(evidenceLines(answer)).toEqual([
    'load: 8.1',
    'top: 41 busy root 97.0 %',
    'top: 52 web www 3.0 %',
    'left: 2 not expendable',
  ]);
});

test('at most 12 lines of 160 characters', () => {
  const lines = evidenceLines(reported({ evidence: { top: Array.from({ length: 50 }, () => 'x'.repeat(500)) } }));
  expect(lines).toHaveLength(12);
  expect(lines[0]).toBe(`top: ${'x'.repeat(155)}`);
});

test('an answer that is no report shows nothing', () => {
  expect(evidenceLines({ kind: 'unknown', detail: 'no end seen' })).toEqual([]);
  expect(evidenceLines(reported({}))).toEqual([]);
});
