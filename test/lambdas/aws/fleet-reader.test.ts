import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { DescribeInstanceInformationCommand } from '@aws-sdk/client-ssm';
import { instanceExists, readFleet, readInstance } from '../../../lambdas/aws/fleet-reader.ts';
import { failure } from '../refused-condition.ts';
import { autoScaling, describeInstance, ec2, instance, INSTANCE_ID, ssm } from './sick-instance.ts';

const facts = {
  instanceId: INSTANCE_ID,
  ec2State: 'running',
  launchedAtEpochSeconds: 1_795_341_600,
  tags: { 'self-healing:stack': 'fleet' },
  optedOutBy: [],
  hasInstanceProfile: true,
  ssm: { pingStatus: 'Online', agentVersion: '3.3.3598.0', platformType: 'Linux' },
};
const GROUP_TAG = { Key: 'aws:autoscaling:groupName', Value: 'web' };
const OPT_OUT = { Key: 'self-healing:opt-out', Value: '' };

beforeEach(() => describeInstance());

test('an instance is read with its volumes and its agent; a group only where it has one', async () => {
  await expect(readInstance(INSTANCE_ID)).resolves.toEqual({ read: true, value: facts });
  expect(ec2).toHaveReceivedCommandWith(DescribeInstancesCommand, { InstanceIds: [INSTANCE_ID] });
  expect(ec2).toHaveReceivedCommandWith(DescribeVolumesCommand, {
    Filters: [
      { Name: 'attachment.instance-id', Values: [INSTANCE_ID] },
      { Name: 'tag-key', Values: ['self-healing:opt-out'] },
    ],
  });
  expect(ssm).toHaveReceivedCommandWith(DescribeInstanceInformationCommand, {
    Filters: [{ Key: 'InstanceIds', Values: [INSTANCE_ID] }],
  });
  expect(autoScaling).not.toHaveReceivedAnyCommand();
});

test('an instance of a group has a life cycle state', async () => {
  describeInstance({ Tags: [...(instance.Tags ?? []), GROUP_TAG] });
  autoScaling.on(DescribeAutoScalingGroupsCommand, { AutoScalingGroupNames: ['web'] }).resolvesOnce({
    AutoScalingGroups: [
      {
        AutoScalingGroupName: 'web',
        MinSize: 1,
        MaxSize: 1,
        DesiredCapacity: 1,
        DefaultCooldown: 300,
        AvailabilityZones: ['us-east-1a'],
        HealthCheckType: 'EC2',
        CreatedTime: new Date(0),
        Tags: [OPT_OUT],
        Instances: [
          {
            InstanceId: INSTANCE_ID,
            LifecycleState: 'Standby',
            AvailabilityZone: 'us-east-1a',
            HealthStatus: 'Healthy',
            ProtectedFromScaleIn: false,
          },
        ],
      },
    ],
  });
  await expect(readInstance(INSTANCE_ID)).resolves.toMatchObject({
    value: { lifecycleState: 'Standby', optedOutBy: ['web'] },
  });
});

test('S26: the opt-out tag counts on the instance, whatever its value, and on a volume', async () => {
  describeInstance({ Tags: [OPT_OUT] });
  ec2.on(DescribeVolumesCommand).resolves({ Volumes: [{ VolumeId: 'vol-1' }] });
  await expect(readInstance(INSTANCE_ID)).resolves.toMatchObject({ value: { optedOutBy: [INSTANCE_ID, 'vol-1'] } });
});

describe('S26: where anything cannot be read, nothing is known of the instance', () => {
  test.each([
    ['the instance', () => ec2.on(DescribeInstancesCommand).rejects(failure('UnauthorizedOperation'))],
    ['the volumes', () => ec2.on(DescribeVolumesCommand).rejects(failure('UnauthorizedOperation'))],
    ['the agent', () => ssm.on(DescribeInstanceInformationCommand).rejects(failure('UnauthorizedOperation'))],
    [
      'the group',
      () => {
        describeInstance({ Tags: [GROUP_TAG] });
        autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(failure('UnauthorizedOperation'));
      },
    ],
  ])('%s', async (_, fail) => {
    fail();
    await expect(readInstance(INSTANCE_ID)).resolves.toEqual({
      read: false,
      problem: 'UnauthorizedOperation: it failed',
    });
  });
});

describe('S23: an instance is not there', () => {
  test.each([
    [
      'where EC2 does not know it',
      () => ec2.on(DescribeInstancesCommand).rejects(failure('InvalidInstanceID.NotFound')),
    ],
    [
      'where EC2 calls the id malformed',
      () => ec2.on(DescribeInstancesCommand).rejects(failure('InvalidInstanceID.Malformed')),
    ],
    ['where EC2 lists nothing', () => ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] })],
    ['where it is terminated', () => describeInstance({ State: { Name: 'terminated' } })],
  ])('%s', async (_, vanish) => {
    vanish();
    await expect(readInstance(INSTANCE_ID)).resolves.toEqual({ read: true, value: undefined });
    await expect(instanceExists(INSTANCE_ID)).resolves.toBe(false);
  });
});

test('S23: of an instance that EC2 does not know, what SSM refuses to say is no matter', async () => {
  ec2.on(DescribeInstancesCommand).rejects(failure('InvalidInstanceID.NotFound'));
  ssm.on(DescribeInstanceInformationCommand).rejects(failure('InvalidInstanceId'));
  await expect(readInstance(INSTANCE_ID)).resolves.toEqual({ read: true, value: undefined });
});

test('volumes and agent are asked about while EC2 still looks for the instance', async () => {
  const asked: string[] = [];
  ec2.on(DescribeInstancesCommand).callsFake(async () => {
    await Promise.resolve();
    asked.push('instance answered');
    return { Reservations: [{ Instances: [instance] }] };
  });
  ec2.on(DescribeVolumesCommand).callsFake(() => {
    asked.push('volumes');
    return { Volumes: [] };
  });
  ssm.on(DescribeInstanceInformationCommand).callsFake(() => {
    asked.push('agent');
    return {};
  });
  await readInstance(INSTANCE_ID);
  expect(asked).toEqual(['volumes', 'agent', 'instance answered']);
});

test('whether an instance exists is not guessed where EC2 cannot be asked', async () => {
  ec2.on(DescribeInstancesCommand).rejects(failure('RequestLimitExceeded'));
  await expect(instanceExists(INSTANCE_ID)).rejects.toThrow('it failed');
});

test('what EC2 and SSM do not say counts against the instance', async () => {
  describeInstance({ Tags: [], State: {}, LaunchTime: undefined, IamInstanceProfile: undefined });
  ssm.on(DescribeInstanceInformationCommand).resolves({ InstanceInformationList: [] });
  await expect(readInstance(INSTANCE_ID)).resolves.toEqual({
    read: true,
    value: {
      instanceId: INSTANCE_ID,
      ec2State: 'unknown',
      launchedAtEpochSeconds: Number.POSITIVE_INFINITY,
      tags: {},
      optedOutBy: [],
      hasInstanceProfile: false,
      ssm: undefined,
    },
  });
});

test("the fleet is what this stack's tag names, to the last page", async () => {
  const filters = [
    { Name: 'tag:self-healing:stack', Values: ['fleet'] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  ec2.on(DescribeInstancesCommand, { Filters: filters, NextToken: undefined }).resolves({
    Reservations: [{ Instances: [{ ...instance, InstanceId: 'i-00000001' }] }],
    NextToken: 'more',
  });
  ec2.on(DescribeInstancesCommand, { Filters: filters, NextToken: 'more' }).resolves({
    Reservations: [{ Instances: [{ ...instance, InstanceId: 'i-00000002' }] }],
  });
  const fleet = await readFleet('fleet');
  expect(fleet.map(({ instanceId }) => instanceId)).toEqual(['i-00000001', 'i-00000002']);
});
