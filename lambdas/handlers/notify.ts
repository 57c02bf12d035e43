import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { loadPolicy } from '../aws/load-policy.ts';
import { log } from '../aws/log.ts';
import { routeChange } from '../telling/route-change.ts';

/** Reads the audit table's stream and only routes: one message per channel into that channel's queue. */
export async function handler({ Records }: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> {
  const policy = loadPolicy();
  for (const record of Records) {
    try {
      await routeChange(record, policy.stack);
    } catch (error) {
      // the stream goes on from here: order is kept, and what was routed before is not routed again
      log('ERROR', 'notify-failed', { sequenceNumber: record.dynamodb?.SequenceNumber, error: String(error) });
      return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
    }
  }
  return { batchItemFailures: [] };
}
