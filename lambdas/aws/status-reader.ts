import { DescribeInstanceStatusCommand, type InstanceStatus } from '@aws-sdk/client-ec2';
import { readChecks, type StatusChecks } from '../core/whole-instance.ts';
import type { SymptomReading } from '../core/facts.ts';
import { ec2 } from './clients.ts';

/** EC2's status checks of one instance; `undefined` where it runs none, for example since the instance is stopped. */
export async function readStatusChecks(instanceId: string): Promise<StatusChecks | undefined> {
  const { InstanceStatuses } = await ec2().send(new DescribeInstanceStatusCommand({ InstanceIds: [instanceId] }));
  const status = InstanceStatuses?.[0];
  return status === undefined ? undefined : checksOf(status);
}

/** The symptom as EC2's status checks say it; whatever keeps them from being read makes it unknown. */
export async function readSymptom(instanceId: string): Promise<SymptomReading> {
  try {
    return readChecks(await readStatusChecks(instanceId));
  } catch (error) {
    return { verdict: 'unknown', evidence: `the status checks could not be read: ${String(error)}`.slice(0, 200) };
  }
}

/** Ids of all instances of the account and region whose instance status check fails. */
export async function impairedInstances(): Promise<Set<string>> {
  const impaired = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await ec2().send(
      new DescribeInstanceStatusCommand({
        Filters: [{ Name: 'instance-status.status', Values: ['impaired'] }],
        NextToken,
      }),
    );
    for (const { InstanceId } of page.InstanceStatuses ?? []) if (InstanceId !== undefined) impaired.add(InstanceId);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return impaired;
}

function checksOf({ InstanceStatus: instance, SystemStatus: system }: InstanceStatus): StatusChecks {
  const since = system?.Details?.find(({ ImpairedSince }) => ImpairedSince !== undefined)?.ImpairedSince;
  return {
    instance: instance?.Status ?? 'insufficient-data',
    system: system?.Status ?? 'insufficient-data',
    ...(since === undefined ? {} : { systemImpairedSinceEpochSeconds: Math.floor(since.getTime() / 1000) }),
  };
}
