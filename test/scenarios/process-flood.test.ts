import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { World } from './world.ts';

describe('an instance on which a fork bomb went off', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    // no other remedy acts on what a bomb uses
    const flood = { thresholdCount: 60, settings: { SampleSeconds: '1' } };
    const remedies = {
      ...SANDBOX_CONFIG.remedies,
      'process-flood': flood,
      'cpu-saturated': { mode: 'observe' },
      'memory-pressure': { mode: 'observe' },
    } as const;
    world = await World.start({ speed: 30, config: { ...SANDBOX_CONFIG, remedies } });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  test('S15: is found by its alarm, healed, and nothing is lost that nobody called expendable', async () => {
    await world.break('process-flood', instance, { SSM_Way: 'bomb', SSM_Processes: '80' });
    const closed = await world.record('closed', ({ fingerprint }) => fingerprint.symptom === 'process-flood');
    expect(closed).toMatchObject({ attempts: [{ remedyId: 'process-flood', outcome: 'recovered' }] });
    expect(await world.look(instance, 'pgrep -c -x batch-bomb || true')).toBe('0');
    expect(
      await world.look(
        instance,
        `while read -r pid start name; do
          stat=(); read -r -a stat </proc/$pid/stat; echo "$name $((\${stat[21]:-0} - start))"
        done </run/sandbox-decoys-process-flood | sort | uniq -c | tr -s ' '`,
      ),
    ).toBe('2 batch-report 0\n 5 ledger-server 0');
    expect(await world.look(instance, 'cat /run/self-healing/held')).toBe('');
  });
});
