import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeVolumesCommand, EC2Client, type Instance } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';

/** Mocks of the clients that describe an instance. */
export const ec2 = mockClient(EC2Client);
export const autoScaling = mockClient(AutoScalingClient);
export const ssm = mockClient(SSMClient);

export const INSTANCE_ID = 'i-0123456789abcdef0';

export const instance: Instance = {
  InstanceId: INSTANCE_ID,
  State: { Name: 'running' },
  LaunchTime: new Date('2026-11-22T10:00:00.500Z'),
  IamInstanceProfile: { Arn: 'arn:aws:iam::123456789012:instance-profile/web' },
  Tags: [{ Key: 'self-healing:stack', Value: 'fleet' }],
};

/** AWS describes one opted-in instance that is ready; `changed` says what is different about it. */
export function describeInstance(changed: Partial<Instance> = {}): void {
  ec2.reset();
  autoScaling.reset();
  ssm.reset();
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [{ ...instance, ...changed }] }] });
  ec2.on(DescribeVolumesCommand).resolves({ Volumes: [] });
  autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  ssm.on(DescribeInstanceInformationCommand).resolves({
    InstanceInformationList: [{ PingStatus: 'Online', AgentVersion: '3.3.3598.0', PlatformType: 'Linux' }],
  });
}
