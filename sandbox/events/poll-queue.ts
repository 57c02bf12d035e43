import { DeleteMessageCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { REGION } from '../account.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { SourceMapping } from '../stack/declarations.ts';
import type { Arrivals } from './arrivals.ts';
import { failedIdentifiers } from './batch-response.ts';

/** How often a queue is asked where nobody sends: what failed comes again by itself, after its visibility timeout. */
const IDLE_MILLIS = 500;

/** Invokes a function with what waits in a queue, as Lambda's event source mapping does, until the signal aborts. */
export async function pollQueue(options: {
  readonly sqs: SQSClient;
  readonly queueUrl: string;
  /** Asked before each batch. */
  readonly mapping: () => SourceMapping;
  readonly arrivals: Arrivals;
  readonly lambda: LambdaService;
  readonly signal: AbortSignal;
}): Promise<void> {
  const { sqs, queueUrl, mapping, arrivals, lambda, signal } = options;
  const queueName = queueUrl.split('/').at(-1) ?? '';
  while (!signal.aborted) {
    const seen = arrivals.count(queueName);
    const { sourceArn: queueArn, functionArn, batchSize } = mapping();
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: queueUrl, MaxNumberOfMessages: Math.min(10, batchSize) }),
    );
    if (Messages.length === 0) {
      await arrivals.more(queueName, seen, IDLE_MILLIS, signal);
      continue;
    }
    const Records = Messages.map(({ MessageId, Body, ReceiptHandle }) => ({
      messageId: MessageId,
      receiptHandle: ReceiptHandle,
      body: Body,
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: REGION,
    }));
    const result = await lambda.invoke({
      functionName: functionArn,
      payload: JSON.stringify({ Records }),
      invocationType: 'RequestResponse',
    });
    const failed = failedIdentifiers(result);
    for (const { MessageId, ReceiptHandle } of Messages) {
      // what failed stays in the queue: it comes again after its visibility timeout
      if (failed === 'all' || failed.has(MessageId ?? '')) continue;
      await sqs.send(new DeleteMessageCommand({ QueueUrl: queueUrl, ReceiptHandle }));
    }
  }
}
