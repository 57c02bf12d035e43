import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { readLastAct, writeLastAct } from '../../../../lambdas/aws/state/cooldowns.ts';
import { fingerprint } from '../../core/samples.ts';
import { failure } from '../../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
});

test('S28: the last act is kept in the table, under its fingerprint', async () => {
  dynamo.on(PutCommand).resolves({});
  await writeLastAct(fingerprint, 'a-1', Date.parse('2026-11-23T10:00:00.900Z'));
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    TableName: 'state',
    Item: { pk: 'last-act#df3f1abf8b613253', attemptId: 'a-1', startedAtEpochSeconds: 1_795_428_000 },
  });
});

test.each([
  [
    'what was noted',
    { Item: { attemptId: 'a-1', startedAtEpochSeconds: 1_795_428_000 } },
    { read: true, value: { attemptId: 'a-1', startedAtEpochSeconds: 1_795_428_000 } },
  ],
  ['nothing', {}, { read: true, value: undefined }],
  [
    'S28: an item of another shape is unreadable',
    { Item: { startedAtEpochSeconds: 'yesterday' } },
    { read: false, problem: 'the item has an unknown shape' },
  ],
])('the last act is read: %s', async (_, answer, expected) => {
  dynamo.on(GetCommand, { Key: { pk: 'last-act#df3f1abf8b613253' }, ConsistentRead: true }).resolves(answer);
  await expect(readLastAct(fingerprint)).resolves.toEqual(expected);
});

test('S28: a failed read is unreadable, never "no act yet"', async () => {
  dynamo.on(GetCommand).rejects(failure('ThrottlingException', 'slow down'));
  await expect(readLastAct(fingerprint)).resolves.toEqual({
    read: false,
    problem: 'ThrottlingException: slow down',
  });
});
