import { slices } from '../../remedies/index.ts';
import type { Slice } from '../../remedies/slice.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { World } from './world.ts';

describe('S5, S23: a stack that is off makes no call that changes anything, for any remedy', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start({
      instances: 3,
      speed: 12,
      resumed: false,
      config: SANDBOX_CONFIG,
    });
  });
  afterAll(() => world.stop());

  /** Makes every slice's fault on an instance, and has each decided; then ends the instance, and the faults with it. */
  const decideAll = async (instance: string) => {
    for (const { id } of slices) await world.break(id, instance, { SSM_MountPath: '/', SSM_Hogs: '1' });
    const decisions = await Promise.all(
      slices.map(async (slice) => {
        await world.deliver(world.contributorEvent(slice.id, attributesOf(slice, instance)));
        const { decision } = await world.record('decided', about(instance, slice.symptom));
        await world.record('opened', about(instance, slice.symptom));
        return decision;
      }),
    );
    await world.sandbox.lambda.idle();
    await world.member(instance).instance.stop();
    return decisions;
  };
  const told = (instance: string, reason: string) =>
    Promise.all(
      slices.map(({ symptom }) =>
        world.sandbox.subscriber.waitFor(
          ({ subject }) => subject.includes(`hold, ${reason}: ${symptom} on ${instance}`),
          60,
        ),
      ),
    );

  test('a new stack, whose kill switch no person ever released', async () => {
    const instance = world.instance(0);
    const detail = 'this stack was never switched on: send the request "resume"';
    expect(await decideAll(instance)).toEqual(slices.map(() => ({ kind: 'hold', reason: 'paused', detail })));
    expect(await told(instance, 'paused')).not.toContain(undefined);
    expect(world.changes()).toEqual([]);
  });

  test('a kill switch that a person threw', async () => {
    const instance = world.instance(1);
    await world.ask({ request: 'resume', requestedBy: 'ada', reason: 'first start' });
    await world.ask({ request: 'pause', requestedBy: 'ada', reason: 'a migration runs' });
    const detail = 'paused by ada: a migration runs; the request "resume" switches it on';
    expect(await decideAll(instance)).toEqual(slices.map(() => ({ kind: 'hold', reason: 'paused', detail })));
    expect(await told(instance, 'paused')).not.toContain(undefined);
    expect(world.changes()).toEqual([]);
  });

  test('a kill switch that cannot be read', async () => {
    const instance = world.instance(2);
    await world.state.put({ pk: 'kill-switch', state: 'half' });
    const detail = 'the kill switch could not be read: the item has an unknown shape';
    const hold = { kind: 'hold', reason: 'facts-unavailable', detail, lookAgainAfterSeconds: 60 };
    expect(await decideAll(instance)).toEqual(slices.map(() => hold));
    expect(await told(instance, 'facts-unavailable')).not.toContain(undefined);
    expect(world.changes()).toEqual([]);
  });

  test('check-health says of each state what switches it on', async () => {
    const acting = async () => JSON.parse(JSON.stringify(await world.ask({ request: 'check-health' }))).acting;
    const resume = '{"request": "resume", "requestedBy": "who", "reason": "why"}';
    expect(await acting()).toBe('no: the kill switch could not be read (the item has an unknown shape)');
    await world.ask({ request: 'pause', requestedBy: 'ada', reason: 'repaired the item' });
    expect(await acting()).toMatch(/^no: paused by ada at \d{4}-.*Z \(repaired the item\); switch it on with /);
    expect((await acting()).endsWith(resume)).toBe(true);
  });
});

function attributesOf({ detection }: Slice, InstanceId: string): Record<string, string> {
  return detection.groupBy[1] === undefined ? { InstanceId } : { InstanceId, [detection.groupBy[1]]: '/' };
}
