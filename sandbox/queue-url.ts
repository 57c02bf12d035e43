import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** URL of the queue of an ARN; fails where there is no such queue. */
export async function queueUrlOf(sqs: SQSClient, queueArn: string): Promise<string> {
  const QueueName = queueArn.split(':').at(-1);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  if (QueueUrl === undefined) throw new Error(`SQS gave no URL of ${queueArn}`);
  return QueueUrl;
}
