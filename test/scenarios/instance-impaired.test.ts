import { CreateTagsCommand, DescribeInstancesCommand, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { Group } from './support/group.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const DATA = '/srv/orders.db';
const quick = { soakSeconds: 60, cooldownSeconds: 0 };
const CONFIG = {
  ...SANDBOX_CONFIG,
  remedies: {
    ...SANDBOX_CONFIG.remedies,
    'instance-impaired-stop-start': quick,
    'instance-impaired-replace': quick,
    'instance-impaired': quick,
  },
};

describe('instances whose status checks fail', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 5, speed: 40, config: CONFIG });
  });
  afterAll(() => world.stop());

  const impaired = (id: string) => world.contributorEvent('instance-impaired', { InstanceId: id });
  const stateOf = async (id: string) => {
    const { Reservations } = await world.aws.ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
    return Reservations?.[0]?.Instances?.[0]?.State?.Name;
  };
  /** What the system changed of one instance, in order. */
  const changesOf = (id: string) =>
    world
      .calls('RebootInstances')
      .concat(world.calls('StopInstances'), world.calls('StartInstances'))
      .concat(world.calls('TerminateInstanceInAutoScalingGroup'))
      .filter(({ input, accessKeyId }) => JSON.stringify(input).includes(id) && accessKeyId !== 'AKIATEST')
      .toSorted((one, other) => one.at - other.at)
      .map(({ action }) => action);

  test('one is rebooted: what ran is gone, its disks are kept, and it closes once the checks pass', async () => {
    const id = world.instance(0);
    await world.look(id, `echo kept >${DATA}; echo gone >/run/memory; (exec -a impaired sleep 987) &`);
    world.sandbox.statusChecks.fail(id, 'until-reboot');

    const closed = await world.record('closed', about(id));
    expect(closed).toMatchObject({
      because: 'recovered',
      attempts: [{ remedyId: 'instance-impaired', summary: 'reboot called; status checks: instance ok, system ok' }],
    });
    // by its action, or by the sweep where that was faster
    expect(world.records('opened')[0]?.openedBy).toMatch(/^self-healing-instance-impaired( \(sweep\))?$/);
    expect(changesOf(id)).toEqual(['RebootInstances']);
    expect(await world.look(id, `cat ${DATA}; ls /run/memory 2>/dev/null; pgrep -fc 'sleep 98[7]'; :`)).toBe('kept\n0');
  });

  test('S18, S22: where that does not help it is stopped and started; a function killed after the stop starts it all the same', async () => {
    const id = world.instance(1);
    await world.look(id, `echo kept >${DATA}`);
    let killed = 0;
    world.sandbox.lambda.faults.onCheckpoint = ({ functionName, operationName, action }, when) => {
      const dies = functionName.includes('change-instance') && operationName === 'stop' && action === 'SUCCEED';
      if (!dies || when !== 'before' || killed > 0) return undefined;
      killed += 1;
      return 'kill';
    };
    world.sandbox.statusChecks.fail(id, 'until-stop');
    await world.deliver(impaired(id));

    const closed = await world.record('closed', about(id));
    expect(killed).toBe(1);
    expect(closed).toMatchObject({
      because: 'recovered',
      attempts: [
        { remedyId: 'instance-impaired', outcome: 'not-recovered' },
        { remedyId: 'instance-impaired-stop-start', outcome: 'recovered' },
      ],
    });
    expect(changesOf(id)).toEqual(['RebootInstances', 'StopInstances', 'StartInstances']);
    expect(await stateOf(id)).toBe('running');
    expect(await world.look(id, `cat ${DATA}`)).toBe('kept');
  });

  test('S18: no capacity at start: a person is told within five minutes that it IS stopped', async () => {
    const id = world.instance(2);
    world.sandbox.capacity.lacking = true;
    world.sandbox.statusChecks.fail(id, 'until-stop', 'system', 1200);
    await world.deliver(impaired(id));

    const escalated = await world.record('escalated', about(id));
    const [stop] = world.calls('StopInstances').filter(({ input }) => JSON.stringify(input).includes(id));
    expect(escalated).toMatchObject({ reason: 'left-stopped', attempts: [{ outcome: 'unknown' }] });
    expect(escalated.detail).toMatch(
      new RegExp(
        `^${id} IS STOPPED by this system \\(180 s after the stop it is stopped, .*Insufficient.*start-instances`,
      ),
    );
    expect((Date.parse(escalated.at) - (stop?.at ?? 0)) / 1000).toBeLessThan(300);
    const starts = world.sandbox.gateway
      .calls()
      .filter(({ action, status }) => action === 'StartInstances' && status >= 500);
    expect(starts.length).toBeGreaterThan(2);
    const message = await world.sandbox.subscriber.waitFor(({ text }) => text.includes('IS STOPPED'), 30);
    expect(message?.subject).toBe(`[self-healing] needs a person: instance-impaired on ${id}`);

    // the person starts it: it closes by itself
    world.sandbox.capacity.lacking = false;
    await world.aws.ec2.send(new StartInstancesCommand({ InstanceIds: [id] }));
    await until('its checks pass', () => world.sandbox.statusChecks.of(id).instance === 'ok');
    await world.sweepOver(escalated.subject);
    expect(await world.record('closed', about(id))).toMatchObject({ because: 'already-healthy' });
    expect(changesOf(id)).toEqual(['StopInstances']);
  });

  test('S26: one that is opted out is left alone; S23: so is every one while paused', async () => {
    const [out, paused] = [world.instance(3), world.instance(4)];
    await world.aws.ec2.send(new CreateTagsCommand({ Resources: [out], Tags: [{ Key: OPT_OUT_TAG, Value: '' }] }));
    world.sandbox.statusChecks.fail(out, 'until-reboot');
    await world.deliver(impaired(out));
    const optedOut = await world.record('decided', about(out));
    expect(optedOut.decision).toMatchObject({ kind: 'hold', reason: 'opted-out' });

    await world.ask({ request: 'pause', requestedBy: 'ada', reason: 'a migration runs' });
    world.sandbox.statusChecks.fail(paused, 'until-reboot');
    await world.deliver(impaired(paused));
    const held = await world.record('decided', about(paused));
    expect(held.decision).toMatchObject({ kind: 'hold', reason: 'paused' });
    expect(held.facts.symptom).toEqual({
      verdict: 'unhealthy',
      evidence: 'status checks: instance impaired, system ok',
    });
    expect([...changesOf(out), ...changesOf(paused)]).toEqual([]);
    world.sandbox.statusChecks.mend(out);
    world.sandbox.statusChecks.mend(paused);
    await world.ask({ request: 'resume', requestedBy: 'ada', reason: 'it is over' });
  });

  test('in a group it is replaced, never stopped: the group keeps its size and launches another', async () => {
    const group = await Group.make(world, 'web', 2);
    const [sick = '', other = ''] = await group.members();
    world.sandbox.statusChecks.fail(sick, 'for-good', 'system', 1200);
    await world.deliver(impaired(sick));

    const closed = await world.record('closed', about(sick));
    expect(closed).toMatchObject({ because: 'recovered', attempts: [{ remedyId: 'instance-impaired-replace' }] });
    expect(closed.evidence).toContain(`${sick} is gone from web, which has 2 of 2 healthy`);
    expect(changesOf(sick)).toEqual(['TerminateInstanceInAutoScalingGroup']);
    expect(await stateOf(sick)).toBe('terminated');
    const now = await group.members();
    group.close();
    expect(now).toHaveLength(2);
    expect(now).toContain(other);
    await until('the new one runs', () => now.every((id) => world.sandbox.fleet.members.get(id)?.instance.running));
  });
});
