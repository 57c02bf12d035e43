import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { answerRequest } from '../../../lambdas/requests/answer.ts';
import { policy } from '../core/samples.ts';
import { failure } from '../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const who = { requestedBy: 'ana', reason: 'release' };
const ask = (request: 'pause' | 'resume') =>
  answerRequest({ request, ...who }, policy, Date.parse('2026-11-23T10:00:00Z'));
const written = () => dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input.TableName);
let log: jest.SpyInstance;

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  dynamo.reset();
  dynamo.on(PutCommand).resolves({});
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

test('S5: resume is recorded, then releases the kill switch', async () => {
  await expect(ask('resume')).resolves.toEqual({
    request: 'resume',
    stack: 'fleet',
    killSwitch: 'released',
    says: 'remedies in mode "act" may act',
  });
  expect(written()).toEqual(['audit', 'state']);
  expect(dynamo).toHaveReceivedNthCommandWith(1, PutCommand, {
    Item: {
      kind: 'requested',
      request: 'resume',
      requestedBy: 'ana',
      because: 'release',
      answer: 'kill switch released: remedies in mode "act" may act',
      stack: 'fleet',
      subject: expect.stringMatching(/^request-2026-11-23T10:00:00\.000Z-[0-9a-f]{8}$/),
      order: '000000#0000#requested',
      at: '2026-11-23T10:00:00.000Z',
    },
  });
  expect(dynamo).toHaveReceivedNthCommandWith(2, PutCommand, {
    TableName: 'state',
    Item: {
      pk: 'kill-switch',
      state: 'released',
      changedBy: 'ana',
      changedAt: '2026-11-23T10:00:00.000Z',
      reason: 'release',
    },
  });
});

test('S5: what cannot be recorded is not released', async () => {
  dynamo.on(PutCommand, { TableName: 'audit' }).rejects(failure('InternalServerError'));
  await expect(ask('resume')).rejects.toThrow('it failed');
  expect(written()).toEqual(['audit']);
});

test('S5: pause throws the kill switch first', async () => {
  await expect(ask('pause')).resolves.toEqual({
    request: 'pause',
    stack: 'fleet',
    killSwitch: 'thrown',
    says: 'nothing is changed until the next "resume"',
  });
  expect(written()).toEqual(['state', 'audit']);
  expect(dynamo).toHaveReceivedNthCommandWith(1, PutCommand, {
    TableName: 'state',
    Item: {
      pk: 'kill-switch',
      state: 'thrown',
      changedBy: 'ana',
      changedAt: '2026-11-23T10:00:00.000Z',
      reason: 'release',
    },
  });
});

test('S5: the brake does not wait for the audit table, and says that it was not recorded', async () => {
  dynamo.on(PutCommand, { TableName: 'audit' }).rejects(failure('InternalServerError'));
  await expect(ask('pause')).resolves.toMatchObject({
    killSwitch: 'thrown',
    warning: 'paused, but it could not be recorded: InternalServerError: it failed',
  });
  expect(written()).toEqual(['state', 'audit']);
});

test('a pause that was not written is not answered as one', async () => {
  dynamo.on(PutCommand, { TableName: 'state' }).rejects(failure('InternalServerError'));
  await expect(ask('pause')).rejects.toThrow('it failed');
});
