import type { RunCommandAnswer } from '../../../lambdas/core/contract.ts';
import type { RepairReport } from '../../../lambdas/core/repair-report.ts';
import { startedBy, summarise } from '../../../lambdas/core/started.ts';

const reported = (result: RepairReport['result']): RunCommandAnswer => ({
  kind: 'reported',
  report: { result, summary: `it was ${result}` },
  commandId: 'c-1',
});

test.each<[string, RunCommandAnswer, string, string]>([
  [
    'a guard that refused',
    { kind: 'refused', reason: 'paused', detail: 'by ana' },
    'not-started',
    'refused (paused): by ana',
  ],
  ['a command that was not sent', { kind: 'not-started', detail: 'SSM refused' }, 'not-started', 'SSM refused'],
  ['S29: a command whose end nobody saw', { kind: 'unknown', detail: 'no end seen' }, 'unknown', 'no end seen'],
  [
    'S29: a check in the place of a report',
    { kind: 'checked', reading: { verdict: 'healthy', evidence: '41 %' }, commandId: 'c-1' },
    'unknown',
    '41 %',
  ],
  ['a repair that changed something', reported('changed'), 'started', 'it was changed'],
  ['a repair that found nothing to do', reported('nothing-to-do'), 'started', 'it was nothing-to-do'],
  ['S19: a repair that found it healthy', reported('already-healthy'), 'started', 'it was already-healthy'],
  ['a repair that found another at work', reported('busy'), 'not-started', 'it was busy'],
  ['S22: a repair whose fence was too low', reported('stale-fence'), 'not-started', 'it was stale-fence'],
  ['S11: a repair that refused its parameters', reported('refused'), 'not-started', 'it was refused'],
  ['S29: a repair that does not know', reported('unknown'), 'unknown', 'it was unknown'],
])('%s', (_, answer, started, summary) => {
  expect(startedBy(answer)).toBe(started);
  expect(summarise(answer)).toBe(summary);
});
