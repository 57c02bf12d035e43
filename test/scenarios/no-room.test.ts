import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { World } from './world.ts';

const SOAKS = { soakSeconds: 30, cooldownSeconds: 0, settings: { AgeBy: 'modification' } };

describe('file systems without room', () => {
  let world: World;
  beforeAll(async () => {
    const remedies = { 'disk-full': SOAKS, 'inodes-exhausted': SOAKS };
    world = await World.start({ instances: 2, speed: 40, config: { ...SANDBOX_CONFIG, remedies } });
  });
  afterAll(() => world.stop());

  test('used-up inodes are detected, freed, verified and told; no decoy is touched', async () => {
    const instance = world.instance(0);
    await world.break('inodes-exhausted', instance);
    const closed = await world.record('closed', about(instance, 'inodes-exhausted'));
    expect(closed).toMatchObject({
      because: 'recovered',
      fingerprint: { part: '/' },
      attempts: [{ remedyId: 'inodes-exhausted', outcome: 'recovered' }],
    });
    expect(await world.look(instance, 'sha256sum --quiet -c /run/sandbox-decoys-inodes-exhausted')).toBe('');
    const told = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(closed.subject), 30);
    expect(told?.text).toMatch(
      /^tried {5}inodes-exhausted: \/ 9\d\.\d % -> \d\.\d % of inodes used; files deleted: \d{5}, empty folders: 0 \(recovered\)$/m,
    );
  });

  test('a disk that fills is told as a warning once it lasted, with what will follow; nothing is done, no incident opens', async () => {
    const instance = world.instance(0);
    await world.look(instance, 'fallocate -l 170MiB /data/records; df --output=pcent /data');
    const warned = await world.record('warned', about(instance, 'disk-full'));
    expect(warned).toMatchObject({
      fingerprint: { part: '/data' },
      detail:
        'disk_used_percent reached 80; at 90 % it counts as disk-full, and the remedy is to clean temporary files, rotated logs and caches',
      evidence: expect.stringMatching(/^disk_used_percent was 85 at 20/),
    });
    const told = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(warned.subject), 30);
    expect(told?.topicArn).toContain('Warning');
    expect(told?.subject).toBe(`[self-healing] early warning: disk-full on ${instance} /data`);
    await world.sweep();
    await world.caughtUp();
    expect(world.records('warned').filter(about(instance, 'disk-full'))).toHaveLength(1);
    expect(world.records('opened').filter(about(instance, 'disk-full'))).toEqual([]);
    const sentThere = world.commands('-disk-full-').filter(({ input }) => String(input['InstanceIds']) === instance);
    expect(sentThere).toEqual([]);
  });

  describe('a root disk that is full to the last byte', () => {
    let instance: string;
    let incidentId: string;
    const isThis = (record: Parameters<ReturnType<typeof about>>[0]) => about(instance, 'disk-full')(record);
    const messages = (what: string) =>
      world.sandbox.subscriber.messages.filter(
        ({ subject, text }) => subject.includes(what) && text.includes(incidentId),
      );

    test("the agent cannot write the check's script: it is held back, and no repair is sent on top", async () => {
      instance = world.instance(1);
      await world.inside(instance, 'cat /dev/zero >/var/lib/bigfile; touch -d "90 days ago" /var/lib/bigfile');
      expect(await world.look(instance, 'df --output=avail / | tail -n 1')).toBe('0');
      const decided = await world.record('decided', isThis);
      incidentId = decided.subject;
      expect(decided.decision).toMatchObject({
        kind: 'hold',
        reason: 'not-ready',
        detail: expect.stringMatching(
          /^the SSM agent could not run the command: failed to create script file\. write \/var\/lib\/amazon\/ssm\/i-\w+\/document\/orchestration\/\S+: no space left on device; mend it by: freeing room or inodes of its root disk; else: aws ec2 reboot-instances --instance-ids i-\w+$/,
        ),
      });
    });

    test('after five minutes a person is told what is so and what can be done without the agent', async () => {
      const escalated = await world.record('escalated', isThis);
      expect(escalated).toMatchObject({
        reason: 'cannot-command',
        detail: expect.stringMatching(
          /^the instance cannot take commands: the SSM agent could not run the command: .*: no space left on device$/,
        ),
        attempts: [],
      });
      expect(escalated.lastEvidence).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^disk_used_percent of \/ was 100 at 20/),
          expect.stringMatching(/^inodes_used_percent of \/ was \d at 20/),
        ]),
      );
      const told = await world.sandbox.subscriber.waitFor(
        ({ subject, text }) => subject.includes('needs a person') && text.includes(incidentId),
        30,
      );
      expect(told?.topicArn).toContain('Critical');
      expect(told?.text).toMatch(/^next {6}where a disk is full, without its agent: make its root volume larger/m);
      expect(world.commands('-disk-full-repair-')).toEqual([]);
    });

    test('S29: however often it is swept, it is told once, and not acted on', async () => {
      await world.ended(incidentId, 1);
      await world.sweepOver(incidentId);
      await world.sweepOver(incidentId);
      expect(world.records('escalated').filter(isThis)).toHaveLength(1);
      expect(messages('needs a person')).toHaveLength(1);
      expect(messages('hold, not-ready')).toHaveLength(1);
      expect(await world.state.incident(incidentId)).toMatchObject({ state: 'escalated' });
      expect(world.commands('-disk-full-repair-')).toEqual([]);
    });

    test('once a person made room, the sweep closes it', async () => {
      await world.look(instance, 'rm /var/lib/bigfile');
      await world.sweepOver(incidentId);
      expect(await world.record('closed', isThis)).toMatchObject({
        subject: incidentId,
        because: 'already-healthy',
        attempts: [],
      });
    });
  });
});
