import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { isMarked, markOnce } from '../../../../lambdas/aws/state/once.ts';
import { failure, refusedCondition } from '../../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
});

test('the first mark is the first', async () => {
  dynamo.on(PutCommand).resolves({});
  await expect(markOnce('told#sns#1', 3600, NOW)).resolves.toBe(true);
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    TableName: 'state',
    Item: { pk: 'once#told#sns#1', forgetAtEpochSeconds: 1_795_431_600 },
    ConditionExpression: 'attribute_not_exists(pk)',
  });
});

test('S21: every further mark is not', async () => {
  dynamo.on(PutCommand).rejects(refusedCondition());
  await expect(markOnce('told#sns#1', 3600, NOW)).resolves.toBe(false);
});

test('a write that failed is neither', async () => {
  dynamo.on(PutCommand).rejects(failure('InternalServerError'));
  await expect(markOnce('told#sns#1', 3600, NOW)).rejects.toThrow('it failed');
});

test.each([
  [{ Item: { pk: 'once#told#sns#1' } }, true],
  [{}, false],
])('what is marked is read: %j', async (answer, expected) => {
  dynamo.on(GetCommand, { Key: { pk: 'once#told#sns#1' }, ConsistentRead: true }).resolves(answer);
  await expect(isMarked('told#sns#1')).resolves.toBe(expected);
});
