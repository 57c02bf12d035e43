import { GetQueueAttributesCommand, ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Datum } from '../cloudwatch/store.ts';
import { oneValue } from './one-value.ts';

/**
 * What SQS puts into `AWS/SQS` of every queue each minute: the messages that can be received, and those that were and are
 * not deleted yet.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export async function queueMetrics(sqs: SQSClient, nowMillis: number): Promise<Datum[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}));
  const data = await Promise.all(QueueUrls.map((queueUrl) => metricsOf(sqs, queueUrl, nowMillis)));
  return data.flat();
}

async function metricsOf(sqs: SQSClient, queueUrl: string, nowMillis: number): Promise<Datum[]> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const dimensions = { QueueName: queueUrl.split('/').at(-1) ?? '' };
  const count = (metric: string, value: string | undefined): Datum =>
    oneValue({ namespace: 'AWS/SQS', metric, dimensions, unit: 'Count' }, Number(value ?? 0), nowMillis);
  return [
    count('ApproximateNumberOfMessagesVisible', Attributes?.['ApproximateNumberOfMessages']),
    count('ApproximateNumberOfMessagesNotVisible', Attributes?.['ApproximateNumberOfMessagesNotVisible']),
  ];
}
