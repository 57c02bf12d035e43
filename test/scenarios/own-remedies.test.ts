import orders from '../../examples/orders/self-healing.config.ts';
import { inSandbox } from '../../sandbox/default-config.ts';
import { World } from './world.ts';

describe("somebody's own remedies, with bundles that were built without them", () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({ instances: 1, speed: 30, config: inSandbox(orders) });
  });
  afterAll(() => world.stop());

  test('each is found by its own metric, healed by its own script, verified by its own check; decoys are spared', async () => {
    const instance = world.instance();
    await world.break('stale-locks', instance);
    await world.break('spool-stuck', instance);
    const closed = await Promise.all(
      ['stale-locks', 'spool-stuck'].map((symptom) =>
        world.record('closed', ({ fingerprint }) => fingerprint.symptom === symptom),
      ),
    );
    expect(closed).toMatchObject([{ because: 'recovered' }, { because: 'recovered' }]);
    expect(
      world
        .records('opened')
        .map(({ openedBy }) => openedBy)
        .toSorted(),
    ).toEqual(['orders-healing-spool-stuck', 'orders-healing-stale-locks']);
    expect(world.records('acted').map(({ remedyId, answer }) => [remedyId, answer])).toEqual(
      expect.arrayContaining([
        ['stale-locks', expect.objectContaining({ report: expect.objectContaining({ counts: { removed: 2 } }) })],
        ['spool-stuck', expect.objectContaining({ report: expect.objectContaining({ counts: { returned: 5 } }) })],
      ]),
    );
    expect(
      await world.look(
        instance,
        'cd /srv/orders/spool; find queue work -type f -printf "%P\\n" | sed "s/.*\\///" | sort',
      ),
    ).toBe(
      ['1001.json', '1002.json', '1003.json', '1004 (express).json', '1005.json', '1006.json', '1007.json'].join('\n'),
    );
    expect(await world.look(instance, 'ls /srv/orders/locks')).toBe(
      ['README', 'just-died.lock', 'night-run.lock'].join('\n'),
    );
  });
});
