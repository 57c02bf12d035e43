import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeVolumesCommand, type Instance, type Tag } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { type InstanceFacts, known, type Read, unreadable } from '../core/facts.ts';
import { OPT_IN_TAG, OPT_OUT_TAG } from '../core/names.ts';
import { autoScaling, ec2, ssm } from './clients.ts';

/** Reads one instance with everything that guards ask of it; `undefined`: EC2 does not know it. */
export async function readInstance(instanceId: string): Promise<Read<InstanceFacts | undefined>> {
  try {
    // asked for all at once: none needs another's answer
    const surroundings = readSurroundings(instanceId);
    const instance = await findInstance(instanceId);
    return known(instance === undefined ? undefined : await describe(instance, instanceId, surroundings));
  } catch (error) {
    return unreadable(String(error));
  }
}

/** Whether EC2 knows the instance and it was not terminated. */
export async function instanceExists(instanceId: string): Promise<boolean> {
  return (await findInstance(instanceId)) !== undefined;
}

/** The instance's own tags; `undefined`: EC2 does not know it. */
export async function readTags(instanceId: string): Promise<Record<string, string> | undefined> {
  const instance = await findInstance(instanceId);
  return instance === undefined ? undefined : asRecord(instance.Tags);
}

/** Every instance whose opt-in tag names the stack, unless it is terminated. */
export async function readFleet(stack: string): Promise<InstanceFacts[]> {
  const found: InstanceFacts[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2().send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: `tag:${OPT_IN_TAG}`, Values: [stack] },
          { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
        ],
        NextToken,
      }),
    );
    for (const instance of (page.Reservations ?? []).flatMap(({ Instances }) => Instances ?? [])) {
      const { InstanceId: id } = instance;
      if (id !== undefined) found.push(await describe(instance, id, readSurroundings(id)));
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

async function findInstance(instanceId: string): Promise<Instance | undefined> {
  try {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const instance = Reservations?.[0]?.Instances?.[0];
    return instance?.State?.Name === 'terminated' ? undefined : instance;
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('InvalidInstanceID.')) return undefined;
    throw error;
  }
}

type Surroundings = Promise<readonly [volumes: string[], agent: InstanceFacts['ssm']]>;

/** What is read of an instance beside itself. */
function readSurroundings(instanceId: string): Surroundings {
  const both = Promise.all([optedOutVolumes(instanceId), readAgent(instanceId)]);
  // whoever describes the instance meets the failure; of an instance that EC2 does not know it says nothing
  both.catch(() => undefined);
  return both;
}

async function describe(instance: Instance, instanceId: string, surroundings: Surroundings): Promise<InstanceFacts> {
  const tags = asRecord(instance.Tags);
  const groupName = tags['aws:autoscaling:groupName'];
  const [[volumes, agent], group] = await Promise.all([
    surroundings,
    groupName === undefined ? undefined : readGroup(groupName, instanceId),
  ]);
  const optedOutBy = [
    ...(OPT_OUT_TAG in tags ? [instanceId] : []),
    ...volumes,
    ...(group?.optedOut === true && groupName !== undefined ? [groupName] : []),
  ];
  return {
    instanceId,
    ec2State: instance.State?.Name ?? 'unknown',
    launchedAtEpochSeconds: Math.floor((instance.LaunchTime?.getTime() ?? Number.POSITIVE_INFINITY) / 1000),
    tags,
    optedOutBy,
    ...(group?.lifecycleState === undefined ? {} : { lifecycleState: group.lifecycleState }),
    hasInstanceProfile: instance.IamInstanceProfile !== undefined,
    ssm: agent,
  };
}

async function optedOutVolumes(instanceId: string): Promise<string[]> {
  const { Volumes } = await ec2().send(
    new DescribeVolumesCommand({
      Filters: [
        { Name: 'attachment.instance-id', Values: [instanceId] },
        { Name: 'tag-key', Values: [OPT_OUT_TAG] },
      ],
    }),
  );
  return (Volumes ?? []).flatMap(({ VolumeId }) => (VolumeId === undefined ? [] : [VolumeId]));
}

async function readGroup(name: string, instanceId: string) {
  const { AutoScalingGroups } = await autoScaling().send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const group = AutoScalingGroups?.[0];
  return {
    optedOut: (group?.Tags ?? []).some(({ Key }) => Key === OPT_OUT_TAG),
    lifecycleState: group?.Instances?.find(({ InstanceId }) => InstanceId === instanceId)?.LifecycleState,
  };
}

async function readAgent(instanceId: string): Promise<InstanceFacts['ssm']> {
  const { InstanceInformationList } = await ssm().send(
    new DescribeInstanceInformationCommand({ Filters: [{ Key: 'InstanceIds', Values: [instanceId] }] }),
  );
  const agent = InstanceInformationList?.[0];
  if (agent === undefined) return undefined;
  return {
    pingStatus: agent.PingStatus ?? 'unknown',
    agentVersion: agent.AgentVersion ?? '',
    platformType: agent.PlatformType ?? 'unknown',
  };
}

function asRecord(tags: readonly Tag[] | undefined): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? '']));
}
