import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, ec2, lambda } from '../../../lambdas/aws/clients.ts';
import { type BarePlan, bareKey } from './plan.ts';

/** The calls without which no incident opens. */
export async function handler(plan: BarePlan): Promise<void> {
  // S23: what EC2 does not know opens nothing
  await ec2().send(new DescribeInstancesCommand({ InstanceIds: [plan.instanceId] }));
  // S21: however often the event comes, it opens one incident
  await dynamo().send(
    new PutCommand({
      TableName: plan.stateTable,
      Item: { ...bareKey(plan, 'incident'), run: 1, state: 'open' },
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  // nothing happens unrecorded; and the execution starts once
  await Promise.all([
    dynamo().send(
      new PutCommand({
        TableName: plan.auditTable,
        Item: { subject: `bare-${plan.id}`, order: '0#opened', kind: 'opened' },
        ConditionExpression: 'attribute_not_exists(subject)',
      }),
    ),
    lambda().send(
      new InvokeCommand({
        FunctionName: plan.remediate,
        InvocationType: 'Event',
        DurableExecutionName: `bare-${plan.id}`,
        Payload: JSON.stringify(plan),
      }),
    ),
  ]);
}
