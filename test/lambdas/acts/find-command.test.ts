import { ListCommandsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { findCommand } from '../../../lambdas/acts/find-command.ts';
import { repairRequest } from '../core/samples.ts';

const ssm = mockClient(SSMClient);

beforeEach(() => ssm.reset());

test('an interrupted attempt is found by its id in the comment, on a later page too', async () => {
  ssm
    .on(ListCommandsCommand)
    .resolvesOnce({ Commands: [{ CommandId: 'c-1', Comment: 'another' }, { CommandId: 'c-2' }], NextToken: 'more' })
    .resolvesOnce({ Commands: [{ CommandId: 'c-3', Comment: '0123456789abcdef-01234567-1-attempt-1' }] });
  await expect(findCommand(repairRequest)).resolves.toBe('c-3');
  expect(ssm).toHaveReceivedNthCommandWith(2, ListCommandsCommand, {
    InstanceId: 'i-0123456789abcdef0',
    MaxResults: 50,
    NextToken: 'more',
  });
});

test('an attempt is found by its whole id only', async () => {
  ssm.on(ListCommandsCommand).resolves({
    Commands: [{ CommandId: 'c-1', Comment: '0123456789abcdef-01234567-1-attempt-10' }],
  });
  await expect(findCommand(repairRequest)).resolves.toBeUndefined();
});

test('the search ends after 10 pages', async () => {
  ssm.on(ListCommandsCommand).resolves({ Commands: [], NextToken: 'more' });
  await expect(findCommand(repairRequest)).resolves.toBeUndefined();
  expect(ssm).toHaveReceivedCommandTimes(ListCommandsCommand, 10);
});

test('S22: a search that failed is no "not found"', async () => {
  ssm.on(ListCommandsCommand).rejects(new Error('throttled'));
  await expect(findCommand(repairRequest)).rejects.toThrow('throttled');
});
