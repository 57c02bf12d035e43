import { OPT_IN_TAG } from '../../lambdas/core/names.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { TEAM_AGENT, TEAM_AGENT_ADOPTED } from './support/team-agent.ts';
import { until } from './until.ts';
import { World } from './world.ts';

describe("a fleet with its team's own CloudWatch agent", () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    world = await World.start({ instances: 0, config: { ...SANDBOX_CONFIG, agent: TEAM_AGENT_ADOPTED } });
    const optedIn = { [OPT_IN_TAG]: world.sandbox.stackName };
    [instance = ''] = await world.sandbox.fleet.launch(1, optedIn, { cloudWatchAgent: TEAM_AGENT });
  });
  afterAll(() => world.stop());

  test('is ready once its metrics arrive where the configuration says', async () => {
    const answer = () => world.ask({ request: 'check-health', instanceId: instance });
    const ready = { instances: [{ instanceId: instance, ready: true }] };
    await until('the instance is ready', async () => JSON.stringify(await answer()).includes('"ready":true'));
    expect(await answer()).toMatchObject(ready);
  });

  test('has a full disk detected by its own metrics, and healed', async () => {
    await world.break('disk-full', instance);
    const opened = await world.record('opened');
    expect(opened).toMatchObject({
      // or by the sweep, where that looks first
      openedBy: expect.stringMatching(/^self-healing-disk-full( \(sweep\))?$/),
      fingerprint: { target: { kind: 'instance', id: instance }, part: '/', symptom: 'disk-full' },
    });
    expect(await world.record('closed')).toMatchObject({ because: 'recovered' });
  });
});
