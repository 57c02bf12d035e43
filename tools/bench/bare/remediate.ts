import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { OperationUpdate } from '@aws-sdk/client-lambda';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo, ec2, ssm } from '../../../lambdas/aws/clients.ts';
import { checkpoint, type DurableAnswer, type DurableEvent, endedInvokes, inputOf } from './durable.ts';
import { type BareCommand, type BarePlan, bareKey } from './plan.ts';

/** The calls without which nothing is decided: look, have it checked, decide, have it repaired. */
export async function handler(event: DurableEvent): Promise<DurableAnswer> {
  const plan: BarePlan = JSON.parse(inputOf(event));
  switch (endedInvokes(event)) {
    case 0:
      await look(plan);
      // what was read must not change when the function is replayed
      await checkpoint(event, [
        { Id: 'look', Type: 'STEP', Action: 'SUCCEED', Payload: JSON.stringify(plan) },
        invoke(plan, 'check'),
      ]);
      return { Status: 'PENDING' };
    case 1:
      await decide(plan);
      await checkpoint(event, [invoke(plan, 'repair')]);
      return { Status: 'PENDING' };
    default:
      return { Status: 'SUCCEEDED', Result: '"done"' };
  }
}

async function look(plan: BarePlan): Promise<void> {
  const { instanceId } = plan;
  // says that this run is at work, so that the sweep finds one that died; and reads the incident
  await dynamo().send(update(plan, 'SET working = :true', { ':true': true }));
  const volumes = { Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] };
  const agents = { Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] };
  // before any command is sent: the guards
  await Promise.all([
    read(plan, 'kill-switch'),
    read(plan, 'claim'),
    read(plan, 'last-act'),
    ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
    ec2().send(new DescribeVolumesCommand(volumes)),
    ssm().send(new DescribeInstanceInformationCommand(agents)),
  ]);
}

/** The decision is recorded, and the attempt is counted, before it acts. */
async function decide(plan: BarePlan): Promise<void> {
  await Promise.all([
    dynamo().send(
      new PutCommand({
        TableName: plan.auditTable,
        Item: { subject: `bare-${plan.id}`, order: '1#decided', kind: 'opened', facts: plan },
        ConditionExpression: 'attribute_not_exists(subject)',
      }),
    ),
    dynamo().send(update(plan, 'SET attempts = :attempts', { ':attempts': [plan.id] })),
  ]);
}

function read(plan: BarePlan, what: string): Promise<unknown> {
  return dynamo().send(new GetCommand({ TableName: plan.stateTable, Key: bareKey(plan, what), ConsistentRead: true }));
}

function update(plan: BarePlan, expression: string, values: Record<string, unknown>): UpdateCommand {
  return new UpdateCommand({
    TableName: plan.stateTable,
    Key: bareKey(plan, 'incident'),
    UpdateExpression: expression,
    ConditionExpression: '#run = :run',
    ExpressionAttributeNames: { '#run': 'run' },
    ExpressionAttributeValues: { ...values, ':run': 1 },
    ReturnValues: 'ALL_NEW',
  });
}

function invoke(plan: BarePlan, purpose: BareCommand['purpose']): OperationUpdate {
  return {
    Id: purpose,
    Type: 'CHAINED_INVOKE',
    Action: 'START',
    Name: purpose,
    Payload: JSON.stringify({ plan, purpose } satisfies BareCommand),
    ChainedInvokeOptions: { FunctionName: plan.runCommand },
  };
}
