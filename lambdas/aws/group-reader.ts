import { type AutoScalingGroup, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import type { SymptomReading } from '../core/facts.ts';
import { OPT_IN_TAG } from '../core/names.ts';
import type { GroupFacts } from '../core/whole-instance.ts';
import { autoScaling } from './clients.ts';
import { impairedInstances } from './status-reader.ts';

/** What a group says of one of its instances and of the others; throws where Auto Scaling does not know the group. */
export async function readGroupFacts(
  name: string,
  instanceId: string,
  impaired: ReadonlySet<string>,
  stack: string,
): Promise<GroupFacts> {
  const group = await findGroup(name);
  const others = healthyOf(group, impaired).filter((id) => id !== instanceId);
  return {
    name,
    optedIn: (group.Tags ?? []).some(({ Key, Value }) => Key === OPT_IN_TAG && Value === stack),
    desiredCapacity: group.DesiredCapacity ?? 0,
    otherHealthyInstances: others.length,
    protectedFromScaleIn:
      group.Instances?.find(({ InstanceId }) => InstanceId === instanceId)?.ProtectedFromScaleIn === true,
    suspendedProcesses: (group.SuspendedProcesses ?? []).flatMap(({ ProcessName }) => ProcessName ?? []),
  };
}

/** Whether an instance was replaced: it is none of its group any more, which has as many healthy ones as it wants. */
export async function readReplaced(name: string, instanceId: string): Promise<SymptomReading> {
  try {
    const [group, impaired] = await Promise.all([findGroup(name), impairedInstances()]);
    const healthy = healthyOf(group, impaired).filter((id) => id !== instanceId);
    const gone = group.Instances?.every(({ InstanceId }) => InstanceId !== instanceId) === true;
    const wanted = group.DesiredCapacity ?? 0;
    const evidence = `${instanceId} is ${gone ? 'gone from' : 'still in'} ${name}, which has ${healthy.length} of ${wanted} healthy`;
    return { verdict: gone && healthy.length >= wanted ? 'healthy' : 'unhealthy', evidence };
  } catch (error) {
    return { verdict: 'unknown', evidence: `the group ${name} could not be read: ${String(error)}`.slice(0, 200) };
  }
}

async function findGroup(name: string): Promise<AutoScalingGroup> {
  const { AutoScalingGroups } = await autoScaling().send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [name] }),
  );
  const group = AutoScalingGroups?.[0];
  if (group === undefined) throw new Error(`Auto Scaling does not know the group ${name}`);
  return group;
}

/** Its instances in service that neither Auto Scaling nor EC2 calls sick. */
function healthyOf({ Instances = [] }: AutoScalingGroup, impaired: ReadonlySet<string>): string[] {
  return Instances.filter(
    ({ LifecycleState, HealthStatus }) => LifecycleState === 'InService' && HealthStatus?.toLowerCase() === 'healthy',
  ).flatMap(({ InstanceId }) => (InstanceId === undefined || impaired.has(InstanceId) ? [] : [InstanceId]));
}
