import { World } from './world.ts';

describe('a full disk, from alarm to closed incident', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  test('is detected, cleaned, verified, soaked, closed and told', async () => {
    const instance = world.instance();
    await world.break('disk-full', instance);

    const opened = await world.record('opened');
    expect(opened.fingerprint).toEqual({ target: { kind: 'instance', id: instance }, part: '/', symptom: 'disk-full' });

    const decided = await world.record('decided');
    expect(decided.decision).toMatchObject({
      kind: 'remediate',
      reason: 'least-disruptive-untried',
      remedyId: 'disk-full',
    });

    const acted = await world.record('acted');
    expect(acted.answer).toMatchObject({ kind: 'reported', report: { result: 'changed' } });

    const closed = await world.record('closed');
    expect(closed.because).toBe('recovered');
    expect(world.records('verified').map(({ outcome, soakedSeconds }) => [outcome, soakedSeconds])).toEqual([
      ['recovered', 0],
      ['recovered', 180],
    ]);

    const message = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(closed.subject), 20);
    expect(message?.subject).toBe(`[self-healing] recovered: disk-full on ${instance} /`);
  });
});
