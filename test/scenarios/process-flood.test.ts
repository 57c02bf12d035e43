import { World } from './world.ts';

describe('an instance on which a fork bomb went off', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    world = await World.start({ speed: 12 });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  test('S15: is found by its alarm, healed, and nothing is lost that nobody called expendable', async () => {
    await world.break('process-flood', instance, { SSM_Way: 'bomb' });
    const closed = await world.record('closed');
    expect(closed).toMatchObject({ attempts: [{ remedyId: 'process-flood', outcome: 'recovered' }] });
    expect(await world.look(instance, 'pgrep -c -x batch-bomb || true')).toBe('0');
    expect(
      await world.look(
        instance,
        `while read -r pid start name; do
          read -r -a stat </proc/$pid/stat; echo "$name $((stat[21] - start))"
        done </run/sandbox-decoys-process-flood | sort | uniq -c | tr -s ' '`,
      ),
    ).toBe('2 batch-report 0\n 5 ledger-server 0');
    expect(await world.look(instance, 'cat /run/self-healing/held')).toBe('');
  });
});
