import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { holdsClaim, readClaim, releaseClaim, takeClaim } from '../../../../lambdas/aws/state/claims.ts';
import { failure, refusedCondition } from '../../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const target = { kind: 'instance', id: 'i-0123456789abcdef0' } as const;
const NOW = Date.parse('2026-11-23T10:00:00Z');
const held = { owner: 'a-1', expiresAtEpochSeconds: 1_795_428_600, fence: 4 };

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  dynamo.reset();
});

describe('taking a claim', () => {
  test('S22: writes only where it is free, expired or already ours, and raises the fence', async () => {
    dynamo.on(UpdateCommand).resolves({ Attributes: held });
    await expect(takeClaim(target, 'a-1', 600, NOW)).resolves.toEqual({ taken: true, claim: { fence: 4 } });
    expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
      TableName: 'state',
      Key: { pk: 'claim#instance#i-0123456789abcdef0' },
      UpdateExpression:
        'SET #owner = :owner, expiresAtEpochSeconds = :expires, listing = :listing, dueAt = :dueAt, fence = if_not_exists(fence, :seed) + :one',
      ConditionExpression: 'attribute_not_exists(#owner) OR expiresAtEpochSeconds <= :now OR #owner = :owner',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: {
        ':owner': 'a-1',
        ':expires': 1_795_428_600,
        ':now': 1_795_428_000,
        ':listing': 'claim',
        ':dueAt': '2026-11-23T10:10:00.000Z',
        ':seed': 1_795_428_000,
        ':one': 1,
      },
    });
  });

  test('S21: is refused while another holds it', async () => {
    dynamo.on(UpdateCommand).rejects(refusedCondition());
    await expect(takeClaim(target, 'a-2', 600, NOW)).resolves.toEqual({ taken: false, heldBy: 'another attempt' });
  });

  test('fails where the write fails: nothing is taken by accident', async () => {
    dynamo.on(UpdateCommand).rejects(failure('InternalServerError'));
    await expect(takeClaim(target, 'a-1', 600, NOW)).rejects.toThrow('it failed');
  });
});

describe('whether a claim is held', () => {
  test.each([
    ['by us', held, true],
    ['by another', { ...held, owner: 'a-2' }, false],
    ['by us, but expired', { ...held, expiresAtEpochSeconds: 1_795_428_000 }, false],
    ['by nobody: released, the fence stays', { fence: 4 }, false],
    ['by nobody ever', undefined, false],
  ])('%s', async (_, item, expected) => {
    dynamo.on(GetCommand).resolves(item === undefined ? {} : { Item: item });
    await expect(holdsClaim(target, 'a-1', NOW)).resolves.toBe(expected);
  });

  test('S22: is not, where it cannot be read', async () => {
    dynamo.on(GetCommand).rejects(failure('ThrottlingException'));
    await expect(holdsClaim(target, 'a-1', NOW)).resolves.toBe(false);
  });
});

describe('reading a claim', () => {
  test('answers who holds it, by a read that is not stale', async () => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'claim#instance#i-0123456789abcdef0', ...held } });
    await expect(readClaim(target)).resolves.toEqual({ read: true, value: held });
    expect(dynamo).toHaveReceivedCommandWith(GetCommand, { ConsistentRead: true });
  });

  test('answers that nobody does, where it was given back', async () => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'claim#instance#i-0123456789abcdef0', fence: 4 } });
    await expect(readClaim(target)).resolves.toEqual({ read: true, value: undefined });
  });

  test('S28: answers why it could not', async () => {
    dynamo.on(GetCommand).rejects(failure('ThrottlingException', 'slow down'));
    await expect(readClaim(target)).resolves.toEqual({ read: false, problem: 'ThrottlingException: slow down' });
  });

  test('S28: a held claim of an unknown shape is unreadable, not free', async () => {
    dynamo.on(GetCommand).resolves({ Item: { pk: 'claim#instance#i-0123456789abcdef0', owner: 'a-1' } });
    await expect(readClaim(target)).resolves.toEqual({ read: false, problem: 'the item has an unknown shape' });
  });
});

describe('giving a claim back', () => {
  test('removes the owner only where it is ours, and keeps the fence', async () => {
    dynamo.on(UpdateCommand).resolves({});
    await releaseClaim(target, 'a-1');
    expect(dynamo).toHaveReceivedCommandWith(UpdateCommand, {
      UpdateExpression: 'REMOVE #owner, expiresAtEpochSeconds, listing, dueAt',
      ConditionExpression: '#owner = :owner',
      ExpressionAttributeValues: { ':owner': 'a-1' },
    });
  });

  test('changes nothing where it is not ours any more', async () => {
    dynamo.on(UpdateCommand).rejects(refusedCondition());
    await expect(releaseClaim(target, 'a-1')).resolves.toBeUndefined();
  });
});
