import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { handler } from '../../../lambdas/handlers/send-sns.ts';
import { sendBySns } from '../../../lambdas/telling/send-by-sns.ts';
import { failure } from '../refused-condition.ts';

const sns = mockClient(SNSClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');
const telling = (subject: string, severity = 'critical') =>
  JSON.stringify({ key: 's#o', message: { severity, subject, text: 'what happened\n' } });

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['CRITICAL_TOPIC_ARN'] = 'arn:critical';
  process.env['WARNING_TOPIC_ARN'] = 'arn:warning';
  for (const mock of [sns, dynamo]) mock.reset();
  dynamo.on(GetCommand).resolves({});
  dynamo.on(PutCommand).resolves({});
  sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
});

test('a message is published, then marked: a crash in between may repeat it, none is lost', async () => {
  const calls: string[] = [];
  sns.on(PublishCommand).callsFake(() => calls.push('published'));
  dynamo.on(PutCommand).callsFake(() => calls.push('marked'));
  await sendBySns(telling('[fleet] needs a person'), NOW);
  expect(calls).toEqual(['published', 'marked']);
  expect(sns).toHaveReceivedCommandWith(PublishCommand, {
    TopicArn: 'arn:critical',
    Subject: '[fleet] needs a person',
    Message: 'what happened\n',
    MessageAttributes: { severity: { DataType: 'String', StringValue: 'critical' } },
  });
  expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
    Item: { pk: 'once#told#sns#s#o', forgetAtEpochSeconds: 1_798_020_000 },
  });
});

test('a message that is marked is not published again', async () => {
  dynamo.on(GetCommand, { Key: { pk: 'once#told#sns#s#o' } }).resolves({ Item: { pk: 'once#told#sns#s#o' } });
  await sendBySns(telling('x'), NOW);
  expect(sns).not.toHaveReceivedAnyCommand();
});

test('a message that could not be published is not marked: its queue tries again', async () => {
  sns.on(PublishCommand).rejects(failure('InternalError'));
  await expect(sendBySns(telling('x'), NOW)).rejects.toThrow('it failed');
  expect(dynamo).not.toHaveReceivedCommand(PutCommand);
});

test('warnings have a topic of their own', async () => {
  await sendBySns(telling('x', 'warning'), NOW);
  expect(sns).toHaveReceivedCommandWith(PublishCommand, { TopicArn: 'arn:warning' });
});

test('a subject is ASCII, as SNS wants it', async () => {
  await sendBySns(telling('Größe…\ufffd'), NOW);
  expect(sns).toHaveReceivedCommandWith(PublishCommand, { Subject: 'Gr??e~?' });
});

test('S25: one message that fails stops no other of its batch', async () => {
  const log = jest.spyOn(console, 'log').mockImplementation(() => {});
  const record = (messageId: string, body: string) => ({
    messageId,
    body,
    receiptHandle: '',
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: 'us-east-1',
  });
  const Records = [record('m-1', 'no JSON'), record('m-2', telling('x'))];
  await expect(handler({ Records })).resolves.toEqual({ batchItemFailures: [{ itemIdentifier: 'm-1' }] });
  expect(sns).toHaveReceivedCommandTimes(PublishCommand, 1);
  log.mockRestore();
});
