import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { type Busy, standingOf, startBusy, stopBusy } from './busy.ts';
import { World } from './world.ts';

/** Never signalled, though root's processes are expendable: three by names that no configuration can give up, two by the configuration. */
const SPARED = [
  ['sshd', 'root'],
  ['amazon-ssm-agent', 'root'],
  ['containerd', 'root'],
  ['batch-keeper', 'root'],
  ['ledger-close', 'app'],
] as const;

describe('a saturated CPU, where all of root is expendable but what must not die', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    const settings = { SampleSeconds: '2', MinimumSharePercent: '2' };
    world = await World.start({
      instances: 2,
      speed: 12,
      config: {
        ...SANDBOX_CONFIG,
        expendable: [{ user: 'root' }],
        protected: [{ command: 'batch-keeper' }],
        remedies: { 'cpu-saturated': { settings, soakSeconds: 30 } },
      },
    });
  });
  afterAll(() => world.stop());

  const startSpared = (worksPercent: number): Promise<Busy[]> =>
    Promise.all(SPARED.map(([name, user]) => startBusy(world, instance, name, worksPercent, user)));

  /** How pid 1, the instance's own agent and sshd, and these processes stand. */
  const standing = async (spared: readonly Busy[]) => {
    const show = 'systemctl show --value -p MainPID amazon-ssm-agent sshd';
    const services = (await world.look(instance, show)).split('\n').map(Number);
    const pids = [1, ...services, ...spared.map(({ pid }) => pid)];
    return Promise.all(pids.map(async (pid) => [pid, await standingOf(world, instance, pid)]));
  };

  const reportOf = (instanceId: string, purpose: 'repair' | 'undo') => {
    const answer = world
      .records('acted')
      .find((record) => about(instanceId)(record) && record.purpose === purpose)?.answer;
    if (answer?.kind !== 'reported') throw new Error(`the ${purpose} gave no report: ${JSON.stringify(answer)}`);
    return answer.report;
  };

  test('S15, S16: the one hog is stopped, and all others are the same processes as before', async () => {
    instance = world.instance(0);
    const spared = await startSpared(6);
    const hog = await startBusy(world, instance, 'batch-crunch');
    const before = await standing(spared);
    expect(before).toHaveLength(3 + SPARED.length);
    expect(before).not.toContainEqual([expect.any(Number), undefined]);
    await world.deliver(world.contributorEvent('cpu-saturated', { InstanceId: instance }));

    const closed = await world.record('closed');
    expect(closed).toMatchObject({ because: 'recovered', attempts: [{ outcome: 'recovered' }] });
    expect(await standingOf(world, instance, hog.pid)).toBeUndefined();
    expect(await standing(spared)).toEqual(before);
    const { counts, changes } = reportOf(instance, 'repair');
    expect(counts).toMatchObject({ stopped: 1 });
    // on a crowded machine the rest may be eased for a moment: what waits for a CPU counts as busy
    expect((changes ?? []).filter(({ what }) => what !== 'eased')).toMatchObject([
      { what: 'terminated', pid: hog.pid, comm: 'batch-crunch', user: 'root' },
    ]);
    await stopBusy(world, instance, ...spared);
  });

  test('S15: where they are the hogs themselves, a person is told, and they are the same processes as before', async () => {
    instance = world.instance(1);
    const spared = await startSpared(40);
    const before = await standing(spared);
    expect(before).not.toContainEqual([expect.any(Number), undefined]);
    await world.deliver(world.contributorEvent('cpu-saturated', { InstanceId: instance }));

    const escalated = await world.record('escalated', about(instance));
    expect(escalated).toMatchObject({ reason: 'ladder-exhausted', attempts: [{ outcome: 'not-recovered' }] });
    expect(await standing(spared)).toEqual(before);
    const ledger = spared.find(({ name }) => name === 'ledger-close');
    expect(reportOf(instance, 'repair')).toMatchObject({
      counts: { stopped: 0, eased: 1 },
      changes: [{ what: 'eased', pid: ledger?.pid, comm: 'ledger-close', user: 'app' }],
    });
    expect(reportOf(instance, 'repair').left).toEqual(
      expect.arrayContaining([
        { why: 'protected', count: 4 },
        { why: 'not-expendable', count: 1 },
      ]),
    );
    expect(reportOf(instance, 'undo')).toMatchObject({ counts: { restored: 1 } });
    await stopBusy(world, instance, ...spared);
  });
});
