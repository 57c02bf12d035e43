import {
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  DescribeAutoScalingGroupsCommand,
} from '@aws-sdk/client-auto-scaling';
import { OPT_IN_TAG } from '../../../lambdas/core/names.ts';
import { REGION } from '../../../sandbox/account.ts';
import { until } from '../until.ts';
import type { World } from '../world.ts';

/** An Auto Scaling group of a world, opted in with all that it launches. */
export class Group {
  readonly name: string;
  readonly #client: AutoScalingClient;

  private constructor(name: string, client: AutoScalingClient) {
    this.name = name;
    this.#client = client;
  }

  /** Makes it and waits until its instances run. */
  static async make(world: World, name: string, size: number): Promise<Group> {
    const { endpoint, stackName, fleet } = world.sandbox;
    const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'sandbox' };
    const client = new AutoScalingClient({ endpoint, region: REGION, credentials });
    const LaunchConfigurationName = name;
    await client.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName,
        ImageId: 'ami-0c02fb55956c7d316',
        InstanceType: 't3.micro',
      }),
    );
    const optIn = { Key: OPT_IN_TAG, Value: stackName, PropagateAtLaunch: true };
    await client.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName: name,
        LaunchConfigurationName,
        MinSize: size,
        MaxSize: size + 1,
        DesiredCapacity: size,
        AvailabilityZones: ['us-east-1a'],
        Tags: [{ ResourceId: name, ResourceType: 'auto-scaling-group', ...optIn }],
      }),
    );
    const group = new Group(name, client);
    const members = await group.members();
    await until(`the instances of ${name} run`, () => members.every((id) => fleet.members.has(id)));
    return group;
  }

  /** Ids of its instances now. */
  async members(): Promise<string[]> {
    const command = new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [this.name] });
    const { AutoScalingGroups } = await this.#client.send(command);
    return AutoScalingGroups?.[0]?.Instances?.map(({ InstanceId }) => InstanceId ?? '') ?? [];
  }

  close(): void {
    this.#client.destroy();
  }
}
