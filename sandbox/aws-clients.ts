import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { EC2Client } from '@aws-sdk/client-ec2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { REGION } from './account.ts';

export type AwsClients = ReturnType<typeof awsClients>;

/** Clients of an endpoint, calling with an access key that says who calls. */
export function awsClients(endpoint: string, accessKeyId: string) {
  const settings = { endpoint, region: REGION, credentials: { accessKeyId, secretAccessKey: 'sandbox' } };
  return {
    cloudWatch: new CloudWatchClient(settings),
    dynamo: new DynamoDBClient(settings),
    streams: new DynamoDBStreamsClient(settings),
    ec2: new EC2Client(settings),
    sns: new SNSClient(settings),
    sqs: new SQSClient(settings),
  };
}

/** Closes the connections that clients keep. */
export function closeClients(clients: AwsClients): void {
  for (const client of Object.values(clients)) client.destroy();
}
