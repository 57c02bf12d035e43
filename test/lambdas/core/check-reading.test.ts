import { type CommandResult, readCheck } from '../../../lambdas/core/check-reading.ts';

const ended = (changed: Partial<CommandResult>): CommandResult => ({
  exitCode: 0,
  stdout: '/ 41.0 % used\n',
  stderr: '',
  statusDetails: 'Success',
  ...changed,
});

test.each([
  ['exit 0 is healthy', ended({}), 'healthy', '/ 41.0 % used'],
  ['exit 1 is unhealthy', ended({ exitCode: 1, statusDetails: 'Failed' }), 'unhealthy', '/ 41.0 % used'],
  ['exit 2 is unknown', ended({ exitCode: 2, stdout: 'not a mount point: /x\n' }), 'unknown', 'not a mount point: /x'],
  [
    'S29: a crash is unknown',
    ended({ exitCode: 127, stdout: '', stderr: 'df: not found\n' }),
    'unknown',
    'df: not found',
  ],
  ['S29: no exit code is unknown', ended({ exitCode: undefined }), 'unknown', '/ 41.0 % used'],
  [
    'S29: a time-out is unknown',
    ended({ exitCode: undefined, stdout: '', statusDetails: 'ExecutionTimedOut' }),
    'unknown',
    'the check ended ExecutionTimedOut',
  ],
  ['S29: health without evidence is unknown', ended({ stdout: '' }), 'unknown', 'the check gave no evidence'],
  [
    'S29: sickness without evidence is unknown',
    ended({ exitCode: 1, stdout: '\n' }),
    'unknown',
    'the check gave no evidence',
  ],
  ['only the first line counts', ended({ stdout: 'one\ntwo\n' }), 'healthy', 'one'],
  ['a line is cut at 200 characters', ended({ stdout: 'x'.repeat(500) }), 'healthy', 'x'.repeat(200)],
])('%s', (_, result, verdict, evidence) => {
  expect(readCheck(result)).toEqual({ verdict, evidence });
});
