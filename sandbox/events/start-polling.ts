import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { AuditRecord } from '../../lambdas/core/audit-record.ts';
import type { AwsClients } from '../aws-clients.ts';
import type { LambdaService } from '../lambda/lambda-service.ts';
import type { Deployed } from '../stack/deployed.ts';
import { pollQueue } from './poll-queue.ts';
import { pollStream } from './poll-stream.ts';

/** Starts every event source mapping of the template; the audit table's records are told as they appear in its stream. */
export function startPolling(
  deployed: Deployed,
  aws: AwsClients,
  lambda: LambdaService,
  signal: AbortSignal,
  onRecord: (record: AuditRecord) => void,
): Promise<void>[] {
  return deployed.sources.map(({ sourceArn, functionArn, batchSize }) => {
    const queueUrl = deployed.queueUrls.get(sourceArn);
    if (queueUrl !== undefined) {
      return pollQueue({ sqs: aws.sqs, queueUrl, queueArn: sourceArn, functionArn, batchSize, lambda, signal });
    }
    return pollStream({
      streams: aws.streams,
      streamArn: sourceArn,
      functionArn,
      batchSize,
      lambda,
      signal,
      onChange: ({ eventName, dynamodb }) => {
        if (eventName === 'INSERT') onRecord(JSON.parse(JSON.stringify(unmarshall({ ...dynamodb?.NewImage }))));
      },
    });
  });
}
