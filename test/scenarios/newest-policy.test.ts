import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLES } from '../../lib/function-code.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { about } from './about.ts';
import { Accounts, HEALED } from './support/account.ts';
import { fillDisk, openIncident } from './support/disk-incident.ts';
import { holdCalls } from './support/held-calls.ts';
import { quickConfig } from './support/quick-config.ts';
import { World } from './world.ts';

const OBSERVE_ONLY =
  'mode is "observe" for disk-full: nothing is changed; mode "act" in self-healing.config.ts lets it act';
const NOTHING_DONE = { because: undefined, state: 'open', repairsSent: 0, repairsRun: 0, changesInside: 0 };

describe('a deployment that changes the mode', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-modes-'));
  const inMode = (mode: 'observe' | 'act') => ({ ...quickConfig(86_400), mode });
  const deploy = async (mode: 'observe' | 'act') => {
    await world.sandbox.stack.deploy(synthesize(inMode(mode), BUNDLES, mkdtempSync(join(folder, mode))));
  };
  let world: World;
  let accounts: Accounts;
  let decided: string;
  let soaking: string;

  beforeAll(async () => {
    world = await World.start({ instances: 2, speed: 5, config: inMode('act'), alarms: false });
    accounts = new Accounts(world);
    await fillDisk(world, world.instance(1));
    soaking = await openIncident(world, world.instance(1));
    await world.record('verified', ({ subject }) => subject === soaking);

    // decided, and about to act
    const start = holdCalls(
      world.sandbox,
      ({ action, input }) => action === 'UpdateItem' && JSON.stringify(input).includes('how it ended was never noted'),
    );
    await fillDisk(world, world.instance(0));
    decided = await openIncident(world, world.instance(0));
    await start.held;
    await deploy('observe');
    start.letGo();
  }, 120_000);
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  test('to observe refuses in the step that acts what was decided before, once, and leaves it to the sweep', async () => {
    expect(await world.ended(decided, 1)).toBe('left-to-the-sweep');
    const nothing = { ...HEALED, ...NOTHING_DONE };
    expect(await accounts.of(decided, world.instance(0))).toEqual({ ...nothing, records: 'opened decided acted' });
    expect(world.records('acted').filter(about(world.instance(0)))).toMatchObject([
      { answer: { kind: 'refused', reason: 'observe-only', detail: OBSERVE_ONLY } },
    ]);

    // this pass of the sweep, or the scheduled one just before
    await world.sweep();
    expect(await world.ended(decided, 2)).toBe('left-to-the-sweep');
    expect(await accounts.of(decided, world.instance(0))).toEqual({
      ...nothing,
      records: 'opened decided acted decided',
    });
    expect(world.records('decided').filter(about(world.instance(0)))).toMatchObject([
      { decision: { kind: 'remediate' } },
      { decision: { kind: 'hold', reason: 'observe-only', detail: OBSERVE_ONLY } },
    ]);
  });

  test('to observe lets what was acted on before soak, be verified and close', async () => {
    world.sandbox.clock.skip(86_400);
    expect(await world.ended(soaking, 1)).toBe('closed');
    expect(await accounts.of(soaking, world.instance(1))).toEqual(HEALED);
  });

  test('back to act lets the sweep make good what was only observed', async () => {
    await deploy('act');
    await world.sandbox.lambda.idle();
    // past the time at which the scheduled sweep looks at it again
    world.sandbox.clock.skip(600);
    await world.record('verified', ({ subject }) => subject === decided);
    await world.sandbox.lambda.idle();
    world.sandbox.clock.skip(86_400);
    const closed = await world.record('closed', ({ subject }) => subject === decided);
    expect(closed.because).toBe('recovered');
    await world.sandbox.lambda.idle();
    expect(await accounts.of(decided, world.instance(0))).toEqual({
      ...HEALED,
      records: 'opened decided acted decided decided acted verified verified closed',
    });
  });

  test('loses nothing', async () => {
    expect(await world.deadLetters()).toBe(0);
  });
});
