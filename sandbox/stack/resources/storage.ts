import {
  CreateTableCommand,
  type CreateTableCommandInput,
  DeleteTableCommand,
  UpdateContinuousBackupsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import { listOf, recordOf, textOf } from '../properties.ts';
import { generatedName, type ResourceContext, type ResourceType } from './resource-type.ts';

/** AWS::DynamoDB::GlobalTable, as one table of the emulator. */
export const table: ResourceType = {
  replacedBy: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
  nameProperty: 'TableName',
  create: async (context) => {
    const { properties, services } = context;
    const name = generatedName(context);
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
    const { dynamo } = services.aws;
    const { TableDescription } = await dynamo.send(new CreateTableCommand(input));
    if (recordOf(replica['PointInTimeRecoverySpecification'])['PointInTimeRecoveryEnabled'] === true) {
      const PointInTimeRecoverySpecification = { PointInTimeRecoveryEnabled: true };
      await dynamo.send(new UpdateContinuousBackupsCommand({ TableName: name, PointInTimeRecoverySpecification }));
    }
    const streamArn = TableDescription?.LatestStreamArn;
    const attributes = {
      Arn: TableDescription?.TableArn ?? '',
      ...(streamArn === undefined ? {} : { StreamArn: streamArn }),
    };
    return { ref: name, attributes };
  },
  remove: async ({ services }, { ref }) => {
    await services.aws.dynamo.send(new DeleteTableCommand({ TableName: ref }));
  },
};

/** AWS::SQS::Queue. */
export const queue: ResourceType = {
  replacedBy: ['QueueName', 'FifoQueue'],
  nameProperty: 'QueueName',
  create: async (context) => {
    const { sqs } = context.services.aws;
    const name = generatedName(context);
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: queueAttributes(context) }),
    );
    const url = textOf(QueueUrl, 'QueueUrl');
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }),
    );
    return { ref: url, attributes: { Arn: textOf(Attributes?.['QueueArn'], 'QueueArn'), QueueName: name } };
  },
  update: async (context, current) => {
    await context.services.aws.sqs.send(
      new SetQueueAttributesCommand({ QueueUrl: current.ref, Attributes: queueAttributes(context) }),
    );
    return current;
  },
  remove: async ({ services }, { ref }) => {
    await services.aws.sqs.send(new DeleteQueueCommand({ QueueUrl: ref }));
  },
};

function queueAttributes({ properties }: ResourceContext): Record<string, string> {
  const redrive = properties['RedrivePolicy'];
  return {
    VisibilityTimeout: textOf(properties['VisibilityTimeout'] ?? 30, 'VisibilityTimeout'),
    ...(redrive === undefined ? {} : { RedrivePolicy: JSON.stringify(redrive) }),
  };
}
