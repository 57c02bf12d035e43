import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { routeChange, tellingOf } from '../../../lambdas/telling/route-change.ts';
import { fingerprint } from '../core/samples.ts';

const sqs = mockClient(SQSClient);
const Keys = { subject: { S: 'df3f1abf8b613253-89abcdef' }, order: { S: '000001#0003#closed' } };
const record = {
  kind: 'closed',
  fingerprint,
  because: 'recovered',
  evidence: '/ 15.0 % used',
  openedAt: '2026-11-23T09:50:00.000Z',
  openSeconds: 600,
  attempts: [],
  subject: 'df3f1abf8b613253-89abcdef',
  order: '000001#0003#closed',
  at: '2026-11-23T10:00:00.000Z',
  stack: 'fleet',
};
/** A change as the stream of the table has it: JSON. */
const change = (eventName: 'INSERT' | 'MODIFY' | 'REMOVE', image: object = record): DynamoDBRecord => ({
  eventName,
  eventID: 'e-1',
  eventSourceARN: 'arn:aws:dynamodb:eu-west-1:123456789012:table/fleet-audit/stream/2026-11-23T09:00:00.000',
  dynamodb: { Keys, ...JSON.parse(JSON.stringify(eventName === 'REMOVE' ? {} : { NewImage: marshall(image) })) },
});
const RECOVERED = {
  key: 'df3f1abf8b613253-89abcdef#000001#0003#closed',
  message: {
    severity: 'warning',
    subject: '[fleet] recovered: disk-full on i-0123456789abcdef0 /',
    text: expect.stringContaining('evidence  / 15.0 % used'),
  },
};

beforeEach(() => {
  process.env['SNS_QUEUE_URL'] = 'https://queue';
  sqs.reset();
  sqs.on(SendMessageCommand).resolves({});
});

test("a new record becomes one message in the channel's queue", async () => {
  await routeChange(change('INSERT'), 'fleet');
  expect(sqs).toHaveReceivedCommandTimes(SendMessageCommand, 1);
  const { QueueUrl, MessageBody } = sqs.commandCalls(SendMessageCommand)[0]?.args[0].input ?? {};
  expect(QueueUrl).toBe('https://queue');
  expect(JSON.parse(MessageBody ?? '')).toEqual(RECOVERED);
});

test('the message links to the evidence of its attempts, in the table from whose stream the record came', () => {
  const attempt = {
    attemptId: 'a-1',
    remedyId: 'disk-full',
    startedAt: '2026-11-23T09:51:00.000Z',
    outcome: 'recovered',
    summary: 'freed 239 MiB',
    evidenceDigest: 'ab12',
  };
  const told = tellingOf(change('INSERT', { ...record, attempts: [attempt] }), 'fleet');
  expect(told?.message.text).toContain(
    `tried     disk-full: freed 239 MiB (recovered)
see       https://eu-west-1.console.aws.amazon.com/dynamodbv2/home?region=eu-west-1#edit-item?itemMode=2&pk=evidence%23ab12&sk=evidence&table=fleet-audit
`,
  );
});

test('the same record has the same key, however often the stream delivers it', () => {
  expect(tellingOf(change('INSERT'), 'fleet')).toEqual(tellingOf(change('INSERT'), 'fleet'));
});

test('a record of which nobody is told goes nowhere', async () => {
  const opened = {
    kind: 'opened',
    fingerprint,
    openedBy: 'x',
    stateChangedAt: 'x',
    subject: 's',
    order: 'o',
    at: 'x',
    stack: 'fleet',
  };
  await routeChange(change('INSERT', opened), 'fleet');
  expect(sqs).not.toHaveReceivedAnyCommand();
});

test.each([
  ['MODIFY', 'changed'],
  ['REMOVE', 'removed'],
] as const)('a record that was tampered with is critical: %s', (eventName, what) => {
  expect(tellingOf(change(eventName), 'fleet')).toMatchObject({
    key: `df3f1abf8b613253-89abcdef#000001#0003#closed#${what}#e-1`,
    message: {
      severity: 'critical',
      subject: `[fleet] audit record ${what}: df3f1abf8b613253-89abcdef#000001#0003#closed`,
    },
  });
});

test('a change without anything is told as tampering too', () => {
  expect(tellingOf({}, 'fleet')).toMatchObject({ key: 'unknown#unknown#changed#', message: { severity: 'critical' } });
});
