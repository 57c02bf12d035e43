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
  const all = await optedIn(stack);
  return all.filter(({ optedOut }) => !optedOut);
}

/** Ids of the instances that run and are opted in, whether opted out or not: whoever is left out is said to be. */
export async function readFleetIds(stack: string): Promise<string[]> {
  return (await optedIn(stack)).map(({ instanceId }) => instanceId);
}

async function optedIn(stack: string): Promise<(RunningInstance & { readonly optedOut: boolean })[]> {
  const found: (RunningInstance & { readonly optedOut: boolean })[] = [];
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
      if (InstanceId === undefined) continue;
      const optedOut = (Tags ?? []).some(({ Key }) => Key === OPT_OUT_TAG);
      found.push({ instanceId: InstanceId, launchedAtMillis: LaunchTime?.getTime() ?? 0, optedOut });
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}
