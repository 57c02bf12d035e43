import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { appendRecord } from '../../../lambdas/aws/audit-log.ts';
import { fingerprint } from '../core/samples.ts';
import { failure, refusedCondition } from '../refused-condition.ts';

const dynamo = mockClient(DynamoDBDocumentClient);
const place = { stack: 'fleet', subject: 'df3f1abf8b613253-89abcdef', order: '000000#0000#opened' };
const entry = { kind: 'opened', fingerprint, openedBy: 'fleet-disk-full', stateChangedAt: 'then' } as const;
const append = () => appendRecord(place, entry, Date.parse('2026-11-23T10:00:00Z'));
let log: jest.SpyInstance;

beforeEach(() => {
  process.env['AUDIT_TABLE'] = 'audit';
  dynamo.reset();
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

test('a record is written once, and logged', async () => {
  dynamo.on(PutCommand).resolves({});
  await append();
  const record = { ...place, ...entry, at: '2026-11-23T10:00:00.000Z' };
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    TableName: 'audit',
    Item: record,
    ConditionExpression: 'attribute_not_exists(subject)',
  });
  expect(JSON.parse(String(log.mock.calls[0]?.[0]))).toEqual({ level: 'INFO', logType: 'record', record });
});

test('a repeated step finds its record written, and leaves it', async () => {
  dynamo.on(PutCommand).rejects(refusedCondition());
  await append();
  expect(log).not.toHaveBeenCalled();
});

test('what cannot be recorded fails, so that nothing goes on untold', async () => {
  dynamo.on(PutCommand).rejects(failure('InternalServerError'));
  await expect(append()).rejects.toThrow('it failed');
});

test('a function without its table fails by name', async () => {
  delete process.env['AUDIT_TABLE'];
  await expect(append()).rejects.toThrow(
    'the environment variable AUDIT_TABLE is missing: this function was not deployed by its stack',
  );
});
