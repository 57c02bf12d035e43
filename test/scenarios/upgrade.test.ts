import { ListDocumentsCommand, SSMClient } from '@aws-sdk/client-ssm';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Policy } from '../../lambdas/core/policy.ts';
import { executionName } from '../../lambdas/core/remediation.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { arn } from '../../sandbox/account.ts';
import type { ResourceChange } from '../../sandbox/stack/stack.ts';
import { type Synthesized, synthesize } from '../../sandbox/stack/template.ts';
import { evaluate } from '../permissions/simulate.ts';
import { type Account, Accounts, HEALED } from './support/account.ts';
import { auditTrail } from './support/audit-trail.ts';
import { fillDisk, incidentKey, openIncident } from './support/disk-incident.ts';
import { type HeldCalls, holdCalls } from './support/held-calls.ts';
import { quickConfig } from './support/quick-config.ts';
import { release } from './support/release.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const DAY_SECONDS = 86_400;
const HOLD_SECONDS = 300;
/** The release that is deployed first: it soaks for a day. */
const CONFIG_A = { ...quickConfig(DAY_SECONDS), warmUpSeconds: HOLD_SECONDS };
/** The release after it has other steps, another script, another policy. */
const CONFIG_B = { ...quickConfig(30), warmUpSeconds: 200, expendable: [{ command: 'batch-*' }] };
const EDITS_B = [
  { file: 'lambdas/workflow/look.ts', text: ': read`', becomes: ': read anew`' },
  { file: 'remedies/disk-full/repair.sh', text: ' MiB freed;', becomes: ' MiB were freed;' },
];
/** What the repair asks of the system stands still until it is told to go on. */
const STAND_STILL = `cat >/opt/sandbox/bin/journalctl <<'SCRIPT'
#!/usr/bin/env bash
touch /run/stands-still
until [[ -e /run/goes-on ]]; do sleep 0.1; done
SCRIPT`;

const PLACES = [
  'soaking',
  'holding',
  'repairing',
  'retrying',
  'claiming',
  'opened midway',
  'opened last',
  'spare',
] as const;
type Place = (typeof PLACES)[number];

describe('a deployment while executions wait for days, run and retry', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-releases-'));
  let world: World;
  let accounts: Accounts;
  let ssm: SSMClient;
  let releaseA: Synthesized;
  let releaseB: Synthesized;
  const incidents = new Map<Place, string>();
  const denied: string[] = [];

  const instance = (place: Place): string => world.instance(PLACES.indexOf(place));
  const incident = (place: Place): string => incidents.get(place) ?? 'none';
  const open = async (place: Place): Promise<string> => {
    await fillDisk(world, instance(place));
    const incidentId = await openIncident(world, instance(place));
    incidents.set(place, incidentId);
    return incidentId;
  };
  const execution = (place: Place) => {
    const name = executionName({ incidentId: incident(place), run: 1 });
    const found = world.sandbox.lambda.executions().find((one) => one.name === name);
    if (found === undefined) throw new Error(`there is no execution ${name}`);
    return found;
  };
  const account = (place: Place): Promise<Account> => accounts.of(incident(place), instance(place));
  const versions = (name: string): string[] => {
    const { functions } = world.sandbox.lambda;
    const numbers = functions.versionsOf(`self-healing-${name}`).map(([number]) => number);
    return [...numbers, `live -> ${functions.aliasesOf(`self-healing-${name}`).get('live')}`];
  };
  /** The policy that lies beside the bundle of a function's version. */
  const policyOf = (qualified: string): Policy => {
    const { definition } = world.sandbox.lambda.functions.resolve(`self-healing-${qualified}`);
    return JSON.parse(readFileSync(join(definition.bundleFolder, 'policy.json'), 'utf8'));
  };
  const documentNames = async (): Promise<string[]> => {
    const Filters = [{ Key: 'Owner', Values: ['Self'] }];
    const { DocumentIdentifiers = [] } = await ssm.send(new ListDocumentsCommand({ Filters }));
    return DocumentIdentifiers.map(({ Name }) => Name ?? '');
  };
  /** Notes what the live run-command could not send at this moment of a deployment. */
  const noteDenied = async (change: ResourceChange): Promise<void> => {
    const role = world.sandbox.deployed.functions.get('self-healing-run-command')?.role ?? 'none';
    const statements = world.sandbox.deployed.statements.get(role) ?? [];
    const there = await documentNames();
    const known = Object.values(policyOf('run-command:live').remedies).flatMap(({ documents }) =>
      Object.values(documents),
    );
    for (const name of known) {
      const request = { action: 'ssm:SendCommand', resource: arn('ssm', `document/${name}`), context: {} };
      const allowed = await evaluate(statements, request);
      if (!there.includes(name) || allowed !== 'Allowed') {
        denied.push(`${change.action} ${change.logicalId}: ${name} ${there.includes(name) ? allowed : 'is not there'}`);
      }
    }
  };
  /** Lets something happen before the first change that fits. */
  const before = (fits: (change: ResourceChange) => boolean, happens: () => Promise<unknown>) => {
    let happened = false;
    return async (change: ResourceChange): Promise<void> => {
      await noteDenied(change);
      if (happened || !fits(change)) return;
      happened = true;
      await happens();
    };
  };

  beforeAll(async () => {
    releaseB = release(join(folder, 'b'), CONFIG_B, EDITS_B);
    world = await World.start({ instances: PLACES.length, speed: 4, config: CONFIG_A, alarms: false });
    releaseA = synthesize(CONFIG_A, BUNDLES, join(folder, 'a'));
    accounts = new Accounts(world);
    ssm = new SSMClient({
      endpoint: world.sandbox.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'x' },
    });
  }, 180_000);
  afterAll(async () => {
    ssm.destroy();
    await world.stop();
    rmSync(folder, { recursive: true });
  });

  test('that fails is rolled back; who was started by its functions ends in them, and then they go', async () => {
    const fails = before(
      ({ logicalId }) => logicalId.startsWith('SweepIncidentsLive'),
      async () => {
        await open('spare');
        await world.record('verified', ({ subject }) => subject === incident('spare'));
        throw new Error('injected');
      },
    );
    await expect(world.sandbox.stack.deploy(releaseB, { before: fails })).rejects.toThrow('injected');

    expect(await world.ended(incident('spare'), 1)).toBe('closed');
    expect(await account('spare')).toEqual(HEALED);
    expect(versions('remediate-incident')).toEqual(['$LATEST', '1', 'live -> 1']);
    expect(versions('run-command')).toEqual(['$LATEST', '1', 'live -> 1']);
    expect(await world.deadLetters()).toBe(0);
  });

  test('moves on while an execution soaks, one holds, one repairs, two retry, and events arrive', async () => {
    await open('soaking');
    await world.record('verified', ({ subject }) => subject === incident('soaking'));
    await world.inside(instance('repairing'), `${STAND_STILL}\nchmod 755 /opt/sandbox/bin/journalctl`);
    await open('repairing');
    const retrying = await holdRetriedRecord();
    await open('retrying');
    const claiming = holdCalls(
      world.sandbox,
      ({ action, input }) =>
        action === 'UpdateItem' && JSON.stringify(input).includes(`claim#instance#${instance('claiming')}`),
    );
    await open('claiming');
    world.sandbox.gateway.launchTimes.set(instance('holding'), new Date(world.sandbox.clock.nowMillis()));
    await open('holding');
    await world.record('decided', ({ subject }) => subject === incident('holding'));
    await until('the repair stands still', async () => {
      return (await world.inside(instance('repairing'), '[[ -e /run/stands-still ]]')).exitCode === 0;
    });
    await Promise.all([retrying.held, claiming.held]);

    const opensMidway = before(
      ({ action, logicalId }) => action === 'update' && logicalId.startsWith('RemediateIncidentFunction'),
      () => open('opened midway'),
    );
    const opensLast = before(
      ({ action }) => action === 'remove',
      () => open('opened last'),
    );
    await world.sandbox.stack.deploy(releaseB, {
      before: async (change) => {
        await opensMidway(change);
        await opensLast(change);
      },
    });
    // its own version, not the second: that one went with its deployment
    expect(versions('remediate-incident')).toEqual(['$LATEST', '1', '3', 'live -> 3']);

    expect((await world.sweep()).moved).toEqual([]);
    for (const held of [retrying, claiming]) held.letGo();
    await world.look(instance('repairing'), 'touch /run/goes-on');
    await passTime();
  }, 180_000);

  /** Every record of an incident is throttled until its step is being tried again; then the call waits. */
  async function holdRetriedRecord(): Promise<HeldCalls> {
    const key = incidentKey(instance('retrying'));
    let retried = false;
    world.sandbox.lambda.faults.onCheckpoint = ({ executionName, action }) => {
      if (executionName.startsWith(key) && action === 'RETRY') retried = true;
      return undefined;
    };
    const isRecord = (input: unknown): boolean =>
      JSON.stringify(input).includes(`"${key}`) && JSON.stringify(input).includes('#decided');
    const end = world.sandbox.gateway.intercept({
      beforeForward: ({ action, input }) =>
        !retried && action === 'PutItem' && isRecord(input) ? 'throttle' : undefined,
    });
    const held = holdCalls(world.sandbox, ({ action, input }) => retried && action === 'PutItem' && isRecord(input));
    return {
      held: held.held,
      letGo: () => {
        end();
        held.letGo();
      },
    };
  }

  /** The hold passes, everything acts, and the day of the soak passes. */
  async function passTime(): Promise<void> {
    const verified = (place: Place) => world.record('verified', ({ subject }) => subject === incident(place));
    world.sandbox.clock.skip(HOLD_SECONDS);
    for (const place of PLACES) await verified(place);
    // those of the new release soak for seconds only: a day later nobody would have moved them for too long
    for (const place of PLACES) if (isOfReleaseB(place)) await world.ended(incident(place), 1);
    await world.sandbox.lambda.idle();
    world.sandbox.clock.skip(DAY_SECONDS);
    for (const place of PLACES) await world.ended(incident(place), 1);
  }

  function isOfReleaseB(place: Place): boolean {
    return !execution(place).arn.includes(':self-healing-remediate-incident:1/');
  }

  test.each<[Place, string]>([
    ['soaking', HEALED.records],
    ['repairing', HEALED.records],
    ['retrying', HEALED.records],
    ['opened midway', HEALED.records],
    ['opened last', HEALED.records],
    ['holding', 'opened decided decided acted verified verified closed'],
    // its own document was gone: nothing was sent, and the next look acted by the newest
    ['claiming', 'opened decided acted decided acted verified verified closed'],
  ])('S21: what was %s ends healed, with one act and complete records', async (place, records) => {
    expect(await account(place)).toEqual({ ...HEALED, records });
  });

  test('leaves an execution in its own version, with its own policy', async () => {
    const decided = async (place: Place) =>
      (await auditTrail(world, incident(place))).flatMap((record) =>
        record.kind === 'decided' ? [record.policyDigest] : [],
      );
    const [a, b] = [policyOf('remediate-incident:1').digest, policyOf('remediate-incident:3').digest];
    expect(a).not.toBe(b);
    expect(await decided('holding')).toEqual([a, a]);
    expect(await decided('opened last')).toEqual([b]);
    expect(execution('soaking')).toMatchObject({
      arn: expect.stringContaining(':self-healing-remediate-incident:1/'),
      status: 'SUCCEEDED',
    });
  });

  test('lets it act by the newest scripts all the same', async () => {
    const summary = async (place: Place) =>
      (await auditTrail(world, incident(place))).flatMap((record) =>
        record.kind === 'acted' && record.answer.kind === 'reported' ? [record.answer.report.summary] : [],
      );
    expect(await summary('soaking')).toEqual([expect.stringContaining(' MiB freed;')]);
    for (const place of ['holding', 'retrying', 'claiming', 'opened last'] as const) {
      expect(await summary(place)).toEqual([expect.stringContaining(' MiB were freed;')]);
    }
  });

  test('never keeps the live run-command from sending what it knows', () => {
    expect(denied).toEqual([]);
  });

  test('leaves versions and no documents, which the sweep lists once nothing needs them', async () => {
    const { leftovers } = await world.sweep();
    expect(leftovers.versions.toSorted()).toEqual(
      [
        'answer-request',
        'change-instance',
        'maintain-fleet',
        'notify',
        'open-incident',
        'remediate-incident',
        'run-command',
        'send-sns',
        'sweep-incidents',
      ].map((name) => `self-healing-${name}:1`),
    );
    expect(leftovers.documents).toEqual([]);
  });

  test('back to the release before: its scripts act again', async () => {
    await world.sandbox.stack.deploy(releaseA, { before: noteDenied });
    expect(denied).toEqual([]);
    expect(versions('run-command')).toEqual(['$LATEST', '1', '3', '4', 'live -> 4']);
    expect(policyOf('run-command:live').digest).toBe(policyOf('run-command:1').digest);
    await open('spare');
    await world.record('verified', ({ subject }) => subject === incident('spare'));
    await world.sandbox.lambda.idle();
    world.sandbox.clock.skip(DAY_SECONDS);
    expect(await world.ended(incident('spare'), 1)).toBe('closed');
    expect(await account('spare')).toEqual(HEALED);
  });

  test('loses nothing', async () => {
    expect(await world.deadLetters()).toBe(0);
  });
});
