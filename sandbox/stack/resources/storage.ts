import {
  CreateTableCommand,
  type CreateTableCommandInput,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { CreateTopicCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { listOf, recordOf, textOf } from '../properties.ts';
import type { ResourceMaker } from './resource-maker.ts';

/** AWS::DynamoDB::GlobalTable, as one table of the emulator. */
export const table: ResourceMaker = async ({ logicalId, properties, aws, deployed }) => {
  const name = `${logicalId}-table`;
  const stream = recordOf(properties['StreamSpecification']);
  const replica = recordOf(listOf(properties['Replicas'])[0]);
  const input: CreateTableCommandInput = JSON.parse(
    JSON.stringify({
      TableName: name,
      KeySchema: properties['KeySchema'],
      AttributeDefinitions: properties['AttributeDefinitions'],
      GlobalSecondaryIndexes: properties['GlobalSecondaryIndexes'],
      BillingMode: 'PAY_PER_REQUEST',
      DeletionProtectionEnabled: replica['DeletionProtectionEnabled'],
      ...('StreamViewType' in stream
        ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream['StreamViewType'] } }
        : {}),
    }),
  );
  const { TableDescription } = await aws.dynamo.send(new CreateTableCommand(input));
  if (recordOf(replica['PointInTimeRecoverySpecification'])['PointInTimeRecoveryEnabled'] === true) {
    const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
    await aws.dynamo.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }));
  }
  const streamArn = TableDescription?.LatestStreamArn;
  deployed.tables.set(logicalId, streamArn === undefined ? { name } : { name, streamArn });
  const attributes = {
    Arn: TableDescription?.TableArn ?? '',
    ...(streamArn === undefined ? {} : { StreamArn: streamArn }),
  };
  return { ref: name, attributes };
};

/** AWS::SQS::Queue. */
export const queue: ResourceMaker = async ({ logicalId, properties, aws, deployed }) => {
  const redrive = properties['RedrivePolicy'];
  const { QueueUrl } = await aws.sqs.send(
    new CreateQueueCommand({
      QueueName: logicalId,
      Attributes: {
        VisibilityTimeout: textOf(properties['VisibilityTimeout'] ?? 30, 'VisibilityTimeout'),
        ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
      },
    }),
  );
  const url = textOf(QueueUrl, 'QueueUrl');
  const { Attributes } = await aws.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
  );
  const queueArn = textOf(Attributes?.['QueueArn'], 'QueueArn');
  deployed.queueUrls.set(queueArn, url);
  return { ref: url, attributes: { Arn: queueArn, QueueName: logicalId } };
};

/** AWS::SNS::Topic. */
export const topic: ResourceMaker = async ({ logicalId, aws, deployed }) => {
  const { TopicArn } = await aws.sns.send(new CreateTopicCommand({ Name: logicalId }));
  const arn = textOf(TopicArn, 'TopicArn');
  deployed.topics.set(logicalId, arn);
  return { ref: arn, attributes: { TopicArn: arn, TopicName: logicalId } };
};

/** AWS::SNS::Subscription. */
export const subscription: ResourceMaker = async ({ properties, aws }) => {
  const { SubscriptionArn } = await aws.sns.send(
    new SubscribeCommand({
      TopicArn: textOf(properties['TopicArn'], 'TopicArn'),
      Protocol: textOf(properties['Protocol'], 'Protocol'),
      Endpoint: textOf(properties['Endpoint'], 'Endpoint'),
    }),
  );
  return { ref: SubscriptionArn ?? '', attributes: {} };
};
