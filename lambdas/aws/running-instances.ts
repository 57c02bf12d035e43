import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { OPT_IN_TAG, OPT_OUT_TAG } from '../core/names.ts';
import { ec2 } from './clients.ts';

/** An instance that runs and should report. */
export interface RunningInstance {
  readonly instanceId: string;
  readonly launchedAtMillis: number;
}

/** Instances that run, opted in to the stack and not opted out by a tag of their own. */
export async function runningInstances(stack: string): Promise<RunningInstance[]> {
  const found: RunningInstance[] = [];
  let NextToken: string | undefined;
  do {
    const page = await ec2().send(
      new DescribeInstancesCommand({
        Filters: [
          { Name: `tag:${OPT_IN_TAG}`, Values: [stack] },
          { Name: 'instance-state-name', Values: ['running'] },
        ],
        NextToken,
      }),
    );
    for (const { InstanceId, LaunchTime, Tags } of (page.Reservations ?? []).flatMap((one) => one.Instances ?? [])) {
      if (InstanceId === undefined || (Tags ?? []).some(({ Key }) => Key === OPT_OUT_TAG)) continue;
      found.push({ instanceId: InstanceId, launchedAtMillis: LaunchTime?.getTime() ?? 0 });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
