import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { World } from './world.ts';

describe('zombies whose parents nobody called expendable', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    // scripts run in real time: they sample shortly, so that they end in theirs on a busy machine too
    const remedies = { ...SANDBOX_CONFIG.remedies, zombies: { settings: { SampleSeconds: '1' } } };
    world = await World.start({ speed: 30, config: { ...SANDBOX_CONFIG, remedies, expendable: [] } });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  /** Pid, name and start time of the parents whose zombies stay. */
  const parents = () =>
    world.look(
      instance,
      `ps -eo ppid=,state= | awk '$2 == "Z" { print $1 }' | sort -u | while read -r pid; do
        read -r -a stat <"/proc/$pid/stat"; echo "$pid \${stat[1]} \${stat[21]}"
      done | grep -v -e busy-dispatch -e batch-reap | sort`,
    );

  test('S17: parents are asked, none is stopped, and a person is told who they are', async () => {
    await world.break('zombies', instance);
    const before = await parents();
    await world.deliver(world.contributorEvent('zombies', { InstanceId: instance }));

    const escalated = await world.record('escalated');
    expect(escalated).toMatchObject({
      reason: 'ladder-exhausted',
      evidence: 'zombies: 44, limit 10, most of batch-spawn: 40',
      attempts: [
        {
          remedyId: 'zombies',
          outcome: 'not-recovered',
          summary: 'zombies 59 -> 44; reaped when asked: 15, parents stopped: 0; cannot reap the rest',
        },
      ],
    });
    expect(before.split('\n')).toHaveLength(3);
    expect(await parents()).toBe(before);

    const told = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(escalated.subject), 30);
    expect(told?.topicArn).toContain('Critical');
    expect(told?.subject).toBe(`[self-healing] needs a person: zombies on ${instance}`);
    const lines = told?.text.split('\n').filter((line) => line.startsWith('seen'));
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^seen {6}parentsAfter: \d+ batch-spawn root: 40, cannot reap: parent is not expendable$/,
        ),
        expect.stringMatching(/^seen {6}parentsAfter: \d+ sshd-session root: 2, cannot reap: parent is protected$/),
        'seen      left: 42 cannot reap: parent is not expendable',
        'seen      left: 2 cannot reap: parent is protected',
      ]),
    );
  });
});
