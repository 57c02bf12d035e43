import {
  AttachInstancesCommand,
  AutoScalingClient,
  CreateAutoScalingGroupCommand,
  CreateLaunchConfigurationCommand,
  CreateOrUpdateTagsCommand,
  EnterStandbyCommand,
} from '@aws-sdk/client-auto-scaling';
import { CreateTagsCommand, DeleteTagsCommand, DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import { OPT_IN_TAG, OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import { ESCALATE_REASONS, HOLD_REASONS, REMEDIATE_REASONS } from '../../lambdas/core/reasons.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { World } from './world.ts';

describe('what refuses a remediation, while a full disk waits for it', () => {
  let world: World;
  let autoScaling: AutoScalingClient;
  beforeAll(async () => {
    const remedies = { 'disk-full': { settings: { AgeBy: 'modification' }, soakSeconds: 30, cooldownSeconds: 0 } };
    world = await World.start({
      instances: 8,
      speed: 40,
      config: { ...SANDBOX_CONFIG, remedies, warmUpSeconds: 300 },
    });
    autoScaling = new AutoScalingClient({
      endpoint: world.sandbox.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' },
    });
  });
  afterAll(async () => {
    autoScaling.destroy();
    await world.stop();
  });

  const fill = async (instance: string): Promise<void> => {
    await world.break('disk-full', instance);
    await world.deliver(world.contributorEvent('disk-full', { InstanceId: instance, path: '/' }));
  };
  const decisions = (instance: string) =>
    world
      .records('decided')
      .filter(about(instance))
      .map(({ decision }) => decision);
  const repairs = (instance: string) =>
    world.commands('-repair-').filter(({ input }) => String(input['InstanceIds']) === instance);
  const tag = (resource: string, value = 'test') =>
    world.aws.ec2.send(new CreateTagsCommand({ Resources: [resource], Tags: [{ Key: OPT_OUT_TAG, Value: value }] }));
  /** Lets something happen after the decision, as the claim is taken, before the step that reads the guards again and sends. */
  const betweenDecisionAndAct = (instance: string, happens: () => Promise<unknown>): (() => void) => {
    let happened = false;
    return world.sandbox.gateway.intercept({
      beforeForward: async ({ action, input }) => {
        const claims = action === 'UpdateItem' && JSON.stringify(input).includes(`claim#instance#${instance}`);
        if (happened || !claims) return undefined;
        happened = true;
        await happens();
        return undefined;
      },
    });
  };

  test('S26: an opt-out tag that is set between decision and act stops the act', async () => {
    const instance = world.instance(0);
    const end = betweenDecisionAndAct(instance, () => tag(instance));
    await fill(instance);

    const acted = await world.record('acted', about(instance));
    end();
    const detail = `the tag ${OPT_OUT_TAG} is set on ${instance}`;
    expect(acted.answer).toEqual({ kind: 'refused', reason: 'opted-out', detail });
    await world.ended(acted.subject, 1);
    expect(decisions(instance)).toMatchObject([{ kind: 'remediate' }, { kind: 'hold', reason: 'opted-out', detail }]);
    expect(repairs(instance)).toEqual([]);
    expect(await world.state.get(`claim#instance#${instance}`)).not.toHaveProperty('owner');
  });

  test('S5: a kill switch that is thrown between decision and act stops the act; released, the act is made good', async () => {
    const instance = world.instance(1);
    const end = betweenDecisionAndAct(instance, () =>
      world.ask({ request: 'pause', requestedBy: 'ada', reason: 'wait' }),
    );
    await fill(instance);

    const acted = await world.record('acted', about(instance));
    end();
    expect(acted.answer).toMatchObject({ kind: 'refused', reason: 'paused' });
    await world.ended(acted.subject, 1);
    expect(decisions(instance)).toMatchObject([{ kind: 'remediate' }, { kind: 'hold', reason: 'paused' }]);
    expect(repairs(instance)).toEqual([]);

    await world.ask({ request: 'resume', requestedBy: 'ada', reason: 'go on' });
    await world.sweepOver(acted.subject);
    const closed = await world.record('closed', about(instance));
    expect(closed).toMatchObject({
      because: 'recovered',
      attempts: [{ outcome: 'recovered' }],
    });
    expect(repairs(instance)).toHaveLength(1);
  });

  test('S26: an opt-out tag on an attached volume, whatever its value', async () => {
    const instance = world.instance(2);
    const { Volumes } = await world.aws.ec2.send(
      new DescribeVolumesCommand({ Filters: [{ Name: 'attachment.instance-id', Values: [instance] }] }),
    );
    const volume = Volumes?.[0]?.VolumeId ?? '';
    await tag(volume, 'false');
    await fill(instance);
    const { decision, subject } = await world.record('decided', about(instance));
    expect(decision).toEqual({
      kind: 'hold',
      reason: 'opted-out',
      detail: `the tag ${OPT_OUT_TAG} is set on ${volume}`,
    });
    await world.ended(subject, 1);

    // the tag is read when acting: taken off, the same incident goes on
    await world.aws.ec2.send(new DeleteTagsCommand({ Resources: [volume], Tags: [{ Key: OPT_OUT_TAG }] }));
    await world.sweepOver(subject);
    expect(await world.record('closed', about(instance))).toMatchObject({ subject, because: 'recovered' });
  });

  test('an opt-in tag of another stack: not even a check is sent', async () => {
    const [instance = ''] = await world.sandbox.fleet.launch(1, { [OPT_IN_TAG]: 'another-stack' });
    await fill(instance);
    const { decision } = await world.record('decided', about(instance));
    expect(decision).toEqual({
      kind: 'hold',
      reason: 'not-opted-in',
      detail: `the tag ${OPT_IN_TAG} of ${instance} must say "self-healing" and says "another-stack"`,
    });
    await world.sandbox.lambda.idle();
    expect(world.calls('SendCommand').filter(({ input }) => String(input['InstanceIds']) === instance)).toEqual([]);
  });

  test('an instance that was just launched, until it is warm', async () => {
    const instance = world.instance(3);
    world.sandbox.gateway.launchTimes.set(instance, new Date(world.sandbox.clock.nowMillis()));
    await fill(instance);
    const { decision } = await world.record('decided', about(instance));
    expect(decision).toMatchObject({
      kind: 'hold',
      reason: 'warming-up',
      detail: expect.stringMatching(/^launched \d+ s ago, left alone for the first 300 s$/),
    });
    expect(repairs(instance)).toEqual([]);
    expect(await world.record('closed', about(instance))).toMatchObject({ because: 'recovered' });
    const launched = world.sandbox.gateway.launchTimes.get(instance)?.getTime() ?? 0;
    expect(repairs(instance).map(({ at }) => at >= launched + 300_000)).toEqual([true]);
  });

  test('an instance whose agent is not online, until it is', async () => {
    const instance = world.instance(4);
    world.member(instance).online = false;
    await fill(instance);
    const { decision } = await world.record('decided', about(instance));
    expect(decision).toEqual({
      kind: 'hold',
      reason: 'not-ready',
      detail: `SSM says ConnectionLost; mend it by: on the instance: systemctl restart amazon-ssm-agent; then: aws ssm describe-instance-information --filters Key=InstanceIds,Values=${instance}`,
      lookAgainAfterSeconds: 60,
    });
    expect(world.calls('SendCommand').filter(({ input }) => String(input['InstanceIds']) === instance)).toEqual([]);
    world.member(instance).online = true;
    expect(await world.record('closed', about(instance))).toMatchObject({ because: 'recovered' });
    expect(repairs(instance)).toHaveLength(1);
  });

  test('an instance that its group took out of service; S26: and a group that is opted out', async () => {
    const instance = world.instance(5);
    const AutoScalingGroupName = 'web';
    await autoScaling.send(
      new CreateLaunchConfigurationCommand({
        LaunchConfigurationName: 'web',
        ImageId: 'ami-0c02fb55956c7d316',
        InstanceType: 't3.micro',
      }),
    );
    await autoScaling.send(
      new CreateAutoScalingGroupCommand({
        AutoScalingGroupName,
        LaunchConfigurationName: 'web',
        MinSize: 0,
        MaxSize: 4,
        DesiredCapacity: 0,
        AvailabilityZones: ['us-east-1a'],
      }),
    );
    const out = world.instance(6);
    await autoScaling.send(new AttachInstancesCommand({ AutoScalingGroupName, InstanceIds: [instance, out] }));
    await autoScaling.send(
      new EnterStandbyCommand({
        AutoScalingGroupName,
        InstanceIds: [instance],
        ShouldDecrementDesiredCapacity: true,
      }),
    );
    await fill(instance);
    expect((await world.record('decided', about(instance))).decision).toEqual({
      kind: 'hold',
      reason: 'warming-up',
      detail: 'its life cycle state in the group is Standby, not InService',
      lookAgainAfterSeconds: 60,
    });

    await autoScaling.send(
      new CreateOrUpdateTagsCommand({
        Tags: [
          {
            ResourceId: AutoScalingGroupName,
            ResourceType: 'auto-scaling-group',
            Key: OPT_OUT_TAG,
            Value: '',
            PropagateAtLaunch: false,
          },
        ],
      }),
    );
    await fill(out);
    expect((await world.record('decided', about(out))).decision).toEqual({
      kind: 'hold',
      reason: 'opted-out',
      detail: `the tag ${OPT_OUT_TAG} is set on ${AutoScalingGroupName}`,
    });
    expect([...repairs(instance), ...repairs(out)]).toEqual([]);
  });

  test('S22: a claim held by an attempt that is dead holds back until it expires, and then the incident goes on', async () => {
    const instance = world.instance(7);
    const claim = { pk: `claim#instance#${instance}`, owner: 'dead-attempt', fence: 41 };
    const expiresAtEpochSeconds = Math.floor(world.sandbox.clock.nowMillis() / 1000) + 240;
    await world.state.put({ ...claim, expiresAtEpochSeconds });
    await fill(instance);

    const { decision } = await world.record('decided', about(instance));
    expect(decision).toEqual({
      kind: 'hold',
      reason: 'in-progress',
      detail: `dead-attempt acts on it, until ${new Date(expiresAtEpochSeconds * 1000).toISOString()} at the latest`,
      lookAgainAfterSeconds: 60,
    });
    expect(await world.record('closed', about(instance))).toMatchObject({ because: 'recovered' });
    expect(repairs(instance)).toMatchObject([{ input: { Parameters: { Fence: ['42'] } } }]);
    expect(repairs(instance).map(({ at }) => at >= expiresAtEpochSeconds * 1000)).toEqual([true]);
  });

  test('every decision has a reason of the closed vocabulary', () => {
    const vocabulary = { remediate: REMEDIATE_REASONS, hold: HOLD_REASONS, escalate: ESCALATE_REASONS };
    const decided = world.records('decided').map(({ decision }) => decision);
    expect(decided.length).toBeGreaterThan(10);
    for (const { kind, reason } of decided) expect(vocabulary[kind]).toContain(reason);
  });
});
