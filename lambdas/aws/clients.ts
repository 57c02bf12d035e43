import { AutoScalingClient } from '@aws-sdk/client-auto-scaling';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EC2Client } from '@aws-sdk/client-ec2';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * Makes a client at its first use and keeps it: a function pays only for what it calls.
 * Its calls are marked as pure, so that a bundle carries only the clients that its function uses.
 */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** A reboot is not idempotent: a repeat inside the SDK could reboot twice, so there is none; nor may an instance be replaced twice. */
export const autoScalingOneAttempt = /* @__PURE__ */ once(() => new AutoScalingClient({ maxAttempts: 1 }));
export const ec2OneAttempt = /* @__PURE__ */ once(() => new EC2Client({ maxAttempts: 1 }));
export const autoScaling = /* @__PURE__ */ once(() => new AutoScalingClient({}));
export const cloudWatch = /* @__PURE__ */ once(() => new CloudWatchClient({}));
export const ec2 = /* @__PURE__ */ once(() => new EC2Client({}));
export const lambda = /* @__PURE__ */ once(() => new LambdaClient({}));
export const sns = /* @__PURE__ */ once(() => new SNSClient({}));
export const sqs = /* @__PURE__ */ once(() => new SQSClient({}));
/** SendCommand is not idempotent: a repeat inside the SDK could send it twice, so there is none. */
export const ssmOneAttempt = /* @__PURE__ */ once(() => new SSMClient({ maxAttempts: 1 }));
export const ssm = /* @__PURE__ */ once(() => new SSMClient({}));
export const dynamo = /* @__PURE__ */ once(() =>
  DynamoDBDocumentClient.from(new DynamoDBClient({}), { marshallOptions: { removeUndefinedValues: true } }),
);
