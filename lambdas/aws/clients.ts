import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Makes a client at its first use and keeps it: a function pays only for what it calls. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

export const autoScaling = once(() => new AutoScalingClient({}));
export const cloudWatch = once(() => new CloudWatchClient({}));
export const ec2 = once(() => new EC2Client({}));
export const lambda = once(() => new LambdaClient({}));
export const sns = once(() => new SNSClient({}));
export const sqs = once(() => new SQSClient({}));
/** SendCommand is not idempotent: a repeat inside the SDK could send it twice, so there is none. */
export const ssmOneAttempt = once(() => new SSMClient({ maxAttempts: 1 }));
export const ssm = once(() => new SSMClient({}));
export const dynamo = once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
);
