import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeVolumesCommand,
  type Instance,
} from '@aws-sdk/client-ec2';
import { known, type Read, unreadable } from '../core/facts.ts';
import { countedWith, type WholeInstance } from '../core/whole-instance.ts';
import { ec2 } from './clients.ts';
import { readGroupFacts } from './group-reader.ts';
import { runningInstances } from './running-instances.ts';
import { readClaim } from './state/claims.ts';
import { impairedInstances, readStatusChecks } from './status-reader.ts';

/** Reads what decides whether an instance as a whole may be rebooted, stopped or replaced. */
export async function readWhole(instanceId: string, stack: string): Promise<Read<WholeInstance>> {
  try {
    const { Reservations } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
    const instance = Reservations?.[0]?.Instances?.[0];
    if (instance === undefined) return unreadable(`EC2 does not know ${instanceId}`);
    return await describe(instance, instanceId, stack);
  } catch (error) {
    return unreadable(String(error));
  }
}

async function describe(instance: Instance, instanceId: string, stack: string): Promise<Read<WholeInstance>> {
  const groupName = groupNameOf(instance);
  const [checks, impaired, running, hasInstanceStore, stopProtected, encryptedVolumes, claim] = await Promise.all([
    readStatusChecks(instanceId),
    impairedInstances(),
    runningInstances(stack),
    instanceStoreOf(instance.InstanceType),
    stopProtectionOf(instanceId),
    encryptedVolumesOf(instanceId),
    readClaim({ kind: 'group', id: countedWith(groupName, stack) }),
  ]);
  if (!claim.read) return unreadable(`the claim of its group: ${claim.problem}`);
  const group = groupName === undefined ? undefined : await readGroupFacts(groupName, instanceId, impaired, stack);
  return known({
    ec2State: instance.State?.Name ?? 'unknown',
    ...(checks === undefined ? {} : { checks }),
    recoversAutomatically: instance.MaintenanceOptions?.AutoRecovery !== 'disabled',
    rootDevice: instance.RootDeviceType ?? 'unknown',
    instanceType: instance.InstanceType ?? 'unknown',
    hasInstanceStore,
    publicAddress: publicAddressOf(instance),
    spot: instance.InstanceLifecycle === 'spot',
    encryptedVolumes,
    stopProtected,
    ...(group === undefined ? {} : { group }),
    ...(claim.value === undefined ? {} : { groupClaim: claim.value }),
    fleet: {
      running: running.length,
      impaired: running.filter((one) => impaired.has(one.instanceId)).length,
    },
  });
}

/** The group of an instance; `undefined` where it is in none. */
export async function readGroupName(instanceId: string): Promise<string | undefined> {
  const { Reservations } = await ec2().send(new DescribeInstancesCommand({ InstanceIds: [instanceId] }));
  return groupNameOf(Reservations?.[0]?.Instances?.[0] ?? {});
}

/** The Auto Scaling group that launched an instance or took it in, by the tag that Auto Scaling sets. */
function groupNameOf({ Tags }: Pick<Instance, 'Tags'>): string | undefined {
  return Tags?.find(({ Key }) => Key === 'aws:autoscaling:groupName')?.Value;
}

/**
 * A public address that is no Elastic IP is owned by `amazon`, and released at a stop.
 * Source: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceNetworkInterfaceAssociation.html
 */
function publicAddressOf({ NetworkInterfaces = [], PublicIpAddress }: Instance): WholeInstance['publicAddress'] {
  const owners = NetworkInterfaces.flatMap(({ Association }) =>
    Association?.PublicIp === undefined ? [] : [Association.IpOwnerId],
  );
  if (owners.length === 0) return PublicIpAddress === undefined ? 'none' : 'lost-at-stop';
  return owners.includes('amazon') ? 'lost-at-stop' : 'elastic';
}

async function encryptedVolumesOf(instanceId: string): Promise<string[]> {
  const { Volumes } = await ec2().send(
    new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instanceId] }] }),
  );
  return (Volumes ?? []).flatMap(({ VolumeId, Encrypted }) => (Encrypted === true && VolumeId ? [VolumeId] : []));
}

async function instanceStoreOf(type: Instance['InstanceType']): Promise<boolean> {
  if (type === undefined) return true;
  const { InstanceTypes } = await ec2().send(new DescribeInstanceTypesCommand({ InstanceTypes: [type] }));
  return InstanceTypes?.[0]?.InstanceStorageSupported ?? true;
}

async function stopProtectionOf(InstanceId: string): Promise<boolean> {
  const { DisableApiStop } = await ec2().send(
    new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiStop' }),
  );
  return DisableApiStop?.Value ?? true;
}
