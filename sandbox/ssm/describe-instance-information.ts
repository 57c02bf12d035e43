import type { ScaledClock } from '../clock.ts';
import type { Input } from './input.ts';
import { objectListField, requiredString, stringListField } from './input.ts';
import type { ManagedInstance, ManagedInstances } from './managed-instance.ts';
import { isReachable } from './managed-instance.ts';
import { paginate } from './paginate.ts';
import { SsmError } from './ssm-error.ts';

/** DescribeInstanceInformation, with filters by instance, ping status and tag. */
export async function describeInstanceInformation(
  input: Input,
  context: {
    readonly instances: ManagedInstances;
    readonly clock: ScaledClock;
    readonly instanceTags: (instanceId: string) => Promise<Record<string, string>>;
  },
): Promise<Input> {
  const filters = [
    ...objectListField(input, 'Filters').map(
      (filter) => [requiredString(filter, 'Key'), stringListField(filter, 'Values')] as const,
    ),
    ...objectListField(input, 'InstanceInformationFilterList').map(
      (filter) => [requiredString(filter, 'key'), stringListField(filter, 'valueSet')] as const,
    ),
  ];
  const matching: Input[] = [];
  for (const [instanceId, managed] of context.instances) {
    let passes = true;
    for (const [key, values] of filters) {
      passes &&= values.includes(await valueOf(key, instanceId, managed, context.instanceTags));
    }
    if (passes) matching.push(describe(instanceId, managed, context.clock.nowMillis()));
  }
  const { page, nextToken } = paginate(input, matching);
  return { InstanceInformationList: page, NextToken: nextToken };
}

async function valueOf(
  key: string,
  instanceId: string,
  managed: ManagedInstance,
  instanceTags: (instanceId: string) => Promise<Record<string, string>>,
): Promise<string> {
  if (key === 'InstanceIds') return instanceId;
  if (key === 'PingStatus') return pingStatus(managed);
  if (key === 'AgentVersion') return managed.agentVersion;
  if (key === 'PlatformTypes') return 'Linux';
  if (key === 'ResourceType') return 'EC2Instance';
  if (key.startsWith('tag:')) return (await instanceTags(instanceId))[key.slice('tag:'.length)] ?? '';
  throw new SsmError(
    'InvalidInstanceInformationFilterValue',
    `the filter ${key} is not InstanceIds, PingStatus, AgentVersion, PlatformTypes, ResourceType or tag:<name>`,
  );
}

function pingStatus(managed: ManagedInstance): string {
  return isReachable(managed) ? 'Online' : 'ConnectionLost';
}

function describe(instanceId: string, managed: ManagedInstance, nowMillis: number): Input {
  return {
    InstanceId: instanceId,
    PingStatus: pingStatus(managed),
    LastPingDateTime: nowMillis / 1000,
    AgentVersion: managed.agentVersion,
    IsLatestVersion: true,
    PlatformType: 'Linux',
    PlatformName: 'Linux',
    PlatformVersion: '1',
    ResourceType: 'EC2Instance',
    IPAddress: '127.0.0.1',
    ComputerName: instanceId,
    SourceId: instanceId,
    SourceType: 'AWS::EC2::Instance',
  };
}
