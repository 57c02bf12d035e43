import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { GetCommandInvocationCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { dynamo, ec2, ssm, ssmOneAttempt } from '../../../lambdas/aws/clients.ts';
import { checkpoint, type DurableAnswer, type DurableEvent, inputOf } from './durable.ts';
import { type BareCommand, type BarePlan, bareKey } from './plan.ts';

/** So often that hardly any time is lost between a script's end and the answer that it ended. */
const POLL_MILLIS = 10;

/** The calls without which no command is sent, and no result is known. */
export async function handler(event: DurableEvent): Promise<DurableAnswer> {
  const { plan, purpose }: BareCommand = JSON.parse(inputOf(event));
  if (purpose === 'check') {
    // never to an instance that is not opted in; a check may be sent twice, so nothing is noted before
    await readTags(plan);
  } else {
    // the right to act, the note that from here on nobody knows whether it was sent, and the guards of the step that sends
    await Promise.all([
      takeClaim(plan),
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

async function ended(CommandId: string, InstanceId: string): Promise<void> {
  for (;;) {
    if (await isEnded(CommandId, InstanceId)) return;
    await sleep(POLL_MILLIS);
  }
}

async function isEnded(CommandId: string, InstanceId: string): Promise<boolean> {
  try {
    const { Status = '' } = await ssm().send(new GetCommandInvocationCommand({ CommandId, InstanceId }));
    return !['Pending', 'InProgress', 'Delayed'].includes(Status);
  } catch (error) {
    // SSM lags: right after sending it may not know the invocation yet
    if (error instanceof Error && error.name === 'InvocationDoesNotExist') return false;
    throw error;
  }
}
