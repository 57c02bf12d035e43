import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { SendCommandCommand } from '@aws-sdk/client-ssm';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { pollFirst } from '../../../lambdas/acts/await-command.ts';
import { dynamo, ec2, ssmOneAttempt } from '../../../lambdas/aws/clients.ts';
import { checkpoint, type DurableAnswer, type DurableEvent, inputOf } from './durable.ts';
import { type BareCommand, type BarePlan, bareKey } from './plan.ts';

/** The calls without which no command is sent, and no result is known. */
export async function handler(event: DurableEvent): Promise<DurableAnswer> {
  const { plan, purpose }: BareCommand = JSON.parse(inputOf(event));
  if (purpose === 'check') {
    // never to an instance that is not opted in; a check may be sent twice, so nothing is noted before
    await readTags(plan);
  } else {
    // S22: the right to act; before the note, so that a crash while it is taken costs no attempt
    await takeClaim(plan);
    // the note that from here on nobody knows whether it was sent; and the guards of the step that sends
    await Promise.all([
      checkpoint(event, [{ Id: 'send', Type: 'STEP', Action: 'START', Name: 'send' }]),
      readTags(plan),
      dynamo().send(
        new GetCommand({ TableName: plan.stateTable, Key: bareKey(plan, 'kill-switch'), ConsistentRead: true }),
      ),
    ]);
    // the cooldown counts from before the call
    await dynamo().send(new PutCommand({ TableName: plan.stateTable, Item: { ...bareKey(plan, 'last-act'), at: 0 } }));
  }
  const { Command } = await ssmOneAttempt().send(
    new SendCommandCommand({
      DocumentName: plan.documents[purpose],
      DocumentVersion: '1',
      InstanceIds: [plan.instanceId],
      Parameters: { ...plan.parameters },
      Comment: `bare-${plan.id}-${purpose}`,
    }),
  );
  await ended(Command?.CommandId ?? '', plan.instanceId);
  return { Status: 'SUCCEEDED', Result: '"ended"' };
}

async function readTags({ instanceId }: BarePlan): Promise<void> {
  const volumes = { Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] };
  await Promise.all([
    ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] })),
    ec2().send(new DescribeVolumesCommand(volumes)),
  ]);
}

async function takeClaim(plan: BarePlan): Promise<void> {
  await dynamo().send(
    new UpdateCommand({
      TableName: plan.stateTable,
      Key: bareKey(plan, 'claim'),
      UpdateExpression: 'SET #owner = :owner, fence = if_not_exists(fence, :seed) + :one',
      ConditionExpression: 'attribute_not_exists(#owner)',
      ExpressionAttributeNames: { '#owner': 'owner' },
      ExpressionAttributeValues: { ':owner': plan.id, ':seed': 0, ':one': 1 },
      ReturnValues: 'ALL_NEW',
    }),
  );
}

/** As often as ours: the quota of SSM is the account's, so that the waits between polls are as unavoidable as the polls. */
async function ended(CommandId: string, InstanceId: string): Promise<void> {
  for (;;) {
    const { result } = await pollFirst(CommandId, InstanceId);
    if (result !== undefined) return;
  }
}
