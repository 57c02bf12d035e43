import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { growHostileTree, listTree } from './tree.ts';
import { World } from './world.ts';

describe('mode observe, on a full disk that holds a hostile folder', () => {
  let world: World;
  let instance: string;
  let incidentId: string;
  let before: string[];
  beforeAll(async () => {
    world = await World.start({ config: { ...SANDBOX_CONFIG, mode: 'observe' } });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  const observed = () => world.records('decided').filter(({ decision }) => decision.reason === 'observe-only');
  const told = () => world.sandbox.subscriber.messages.filter(({ subject }) => subject.includes('observe-only'));

  test('it is detected and checked, and the hold is recorded and told', async () => {
    await growHostileTree(world, instance);
    before = await listTree(world, instance);

    const opened = await world.record('opened');
    incidentId = opened.subject;
    expect(opened.openedBy).toMatch(/^self-healing-disk-full( \(sweep\))?$/);
    expect(opened.fingerprint).toEqual({ target: { kind: 'instance', id: instance }, part: '/', symptom: 'disk-full' });

    const decided = await world.record('decided');
    expect(decided.decision).toEqual({
      kind: 'hold',
      reason: 'observe-only',
      detail: 'mode is "observe" for disk-full: nothing is changed; mode "act" in self-healing.config.ts lets it act',
    });
    expect(decided.facts.symptom).toEqual({
      verdict: 'unhealthy',
      evidence: expect.stringMatching(/^\/ 9[56]\.\d % used, 1\d MiB free, limit 90 %$/),
    });
    expect(await world.ended(incidentId, 1)).toBe('left-to-the-sweep');

    const message = await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes('observe-only'), 30);
    expect(message?.subject).toBe(`[self-healing] hold, observe-only: disk-full on ${instance} /`);
  });

  test('S29: each sweep checks it again, and tells nothing new', async () => {
    await world.sweepOver(incidentId);
    await world.sweepOver(incidentId);
    expect(world.commands('-disk-full-check-').length).toBeGreaterThanOrEqual(3);
    expect(observed()).toHaveLength(1);
  });

  test('S23: no repair was sent, and nothing on the instance is changed, to the byte', async () => {
    expect(world.commands('-repair-')).toEqual([]);
    expect(world.changes()).toEqual([]);
    expect(before.length).toBeGreaterThan(20_000);
    expect(await listTree(world, instance)).toEqual(before);
  });

  test('S19: once a person cleaned the disk, the sweep closes it as already healthy', async () => {
    await world.look(instance, 'rm /var/lib/ledger/stays-archive.db');
    await world.sweepOver(incidentId);

    const closed = await world.record('closed');
    expect(closed).toMatchObject({
      subject: incidentId,
      because: 'already-healthy',
      evidence: expect.stringMatching(/^\/ \d\d\.\d % used, \d+ MiB free, limit 90 %$/),
      attempts: [],
    });
    const message = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(closed.order), 30);
    expect(message?.subject).toBe(`[self-healing] already-healthy: disk-full on ${instance} /`);
    // messages come in the order of the records: a second one would have come by now
    expect(told()).toHaveLength(1);
    expect(world.changes()).toEqual([]);
  });
});
