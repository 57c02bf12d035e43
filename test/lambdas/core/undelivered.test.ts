import type { CommandResult } from '../../../lambdas/core/check-reading.ts';
import { undeliveredBy } from '../../../lambdas/core/undelivered.ts';

const failed: CommandResult = { exitCode: 1, stdout: '', stderr: '', statusDetails: 'Failed' };
const FULL = 'failed to create script file. write /var/lib/amazon/ssm/i-1/_script.sh: no space left on device';

test.each(['DeliveryTimedOut', 'Undeliverable'])('a command that SSM says was not delivered: %s', (statusDetails) => {
  expect(undeliveredBy({ ...failed, exitCode: undefined, statusDetails })).toBe(
    `SSM could not deliver the command (${statusDetails})`,
  );
});

test.each([
  [FULL, FULL],
  [
    'failed to create orchestrationDir directory, /var/lib/amazon/ssm/i-1/document/orchestration/c-1/check',
    'failed to create orchestrationDir directory, /var/lib/amazon/ssm/i-1/document/orchestration/c-1/check',
  ],
  [
    'Plugin with name aws:runShellScript not found. Step name: check',
    'Plugin with name aws:runShellScript not found. Step name: check',
  ],
  [
    '\ndocument process failed unexpectedly: document worker timed out , check [ssm-document-worker] log\nmore',
    'document process failed unexpectedly: document worker timed out , check [ssm-document-worker] log',
  ],
])("a command that the agent could not run, in the agent's own words: %j", (stderr, said) => {
  expect(undeliveredBy({ ...failed, stderr })).toBe(`the SSM agent could not run the command: ${said}`);
});

test.each<[string, Partial<CommandResult>]>([
  ['a script that found the symptom', { stdout: '/ 96.0 % used\n', stderr: 'failed to run commands: exit status 1' }],
  ['a script that said something before it met a full disk', { stdout: '{"resu', stderr: FULL }],
  ['a script that itself had no room', { stderr: `tail: write error: No space left on device\n${FULL}` }],
  ['a script that was silent', { stderr: 'failed to run commands: exit status 1' }],
  ['a script that ended well', { exitCode: 0, stderr: FULL, statusDetails: 'Success' }],
  ['a script that took too long', { exitCode: undefined, statusDetails: 'ExecutionTimedOut' }],
])('S29: is not said of %s: it ran, or may have', (_, result) => {
  expect(undeliveredBy({ ...failed, ...result })).toBeUndefined();
});
