import { evidenceDigest } from '../../lambdas/core/evidence.ts';
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

    const [kept] = world.records('evidence');
    if (kept === undefined) throw new Error('no evidence was kept');
    const { evidenceDigest: digest = '' } = acted;
    expect(kept.subject).toBe(`evidence#${digest}`);
    expect(evidenceDigest(kept.evidence)).toBe(digest);
    expect(Object.keys(kept.evidence)).toEqual(expect.arrayContaining(['symptom', 'dfBefore', 'dfAfter']));
    expect(message?.text).toContain(`#edit-item?itemMode=2&pk=evidence%23${digest}&sk=evidence&table=`);
  });
});
