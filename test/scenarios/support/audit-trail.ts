import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditRecord } from '../../../lambdas/core/audit-record.ts';
import type { World } from '../world.ts';

/** The records of a subject as the audit table holds them now, in their order. */
export async function auditTrail(world: World, subject: string): Promise<AuditRecord[]> {
  const TableName = [...world.sandbox.deployed.tables].find(([id]) => id.startsWith('Audit'))?.[1].name;
  const { Items = [] } = await DynamoDBDocumentClient.from(world.aws.dynamo).send(
    new QueryCommand({
      TableName,
      KeyConditionExpression: 'subject = :subject',
      ExpressionAttributeValues: { ':subject': subject },
      ConsistentRead: true,
    }),
  );
  return JSON.parse(JSON.stringify(Items));
}
