import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { log } from '../aws/log.ts';
import { sendBySns } from '../telling/send-by-sns.ts';

/** Sends what waits in the queue of the SNS channel, each message alone. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      await sendBySns(body, Date.now());
    } catch (error) {
      log('ERROR', 'send-failed', { channel: 'sns', messageId, error: String(error) });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
