import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { readKillSwitch, writeKillSwitch } from '../../../../lambdas/aws/state/kill-switch.ts';
import { failure } from '../../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const item = { state: 'thrown', changedBy: 'ana', changedAt: '2026-11-23T10:00:00.000Z', reason: 'release' } as const;

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
});

test('S5: absent is not unreadable: nobody ever switched the stack on', async () => {
  dynamo.on(GetCommand).resolves({});
  await expect(readKillSwitch()).resolves.toEqual({ read: true, value: { state: 'absent' } });
});

test('S5: a failed read is unreadable', async () => {
  dynamo.on(GetCommand).rejects(failure('ThrottlingException', 'slow down'));
  await expect(readKillSwitch()).resolves.toEqual({ read: false, problem: 'ThrottlingException: slow down' });
});

test.each([{}, { state: 'off' }, { state: 'released' }, { ...item, changedBy: 7 }])(
  'S5: an item of another shape is unreadable: %j',
  async (rest) => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'kill-switch', ...rest } });
    await expect(readKillSwitch()).resolves.toEqual({ read: false, problem: 'the item has an unknown shape' });
  },
);

test('S5: without its table it is unreadable', async () => {
  delete process.env['STATE_TABLE'];
  await expect(readKillSwitch()).resolves.toMatchObject({ read: false });
});

test('is read as it was written, by a read that is not stale', async () => {
  dynamo.on(GetCommand).resolves({ Item: { pk: 'kill-switch', ...item } });
  await expect(readKillSwitch()).resolves.toEqual({ read: true, value: item });
  expect(dynamo).toHaveReceivedCommandWith(GetCommand, {
    TableName: 'state',
    Key: { pk: 'kill-switch' },
    ConsistentRead: true,
  });
});

test('is written as one item', async () => {
  dynamo.on(PutCommand).resolves({});
  await writeKillSwitch(item);
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, { TableName: 'state', Item: { pk: 'kill-switch', ...item } });
});
