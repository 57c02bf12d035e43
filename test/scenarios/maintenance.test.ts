import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import type { Config } from '../../lib/config/config.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { synthesize } from '../../sandbox/stack/template.ts';
import { until } from './until.ts';
import { World } from './world.ts';

const DAY_SECONDS = 86_400;

/** What a neglected instance gathers, and what must be spared. */
const GATHER = `
  place() { mkdir -p -- "\${1%/*}"; head -c 2000000 /dev/zero >"$1"; touch -d "$2" -- "$1"; }
  place /var/cache/apt/archives/old_1.deb '3 days ago'
  place /var/log/app/app.log.1.gz '40 days ago'
  place /srv/app/cache/tile '8 days ago'
  place /tmp/old '11 days ago'
  place /tmp/young '1 day ago'
  place /var/log/app/app.log '90 days ago'
  place /var/lib/ledger/records.db '90 days ago'
`;
const OLD_CACHES = ['/srv/app/cache/tile', '/var/cache/apt/archives/old_1.deb', '/var/log/app/app.log.1.gz'];
const KEPT = ['/tmp/young', '/var/lib/ledger/records.db', '/var/log/app/app.log'];

describe('maintenance of a fleet of which one instance is opted out and one cannot be cleaned', () => {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-maintenance-'));
  let world: World;
  let well: string;
  let optedOut: string;
  let broken: string;
  let scheduledRun: string;

  const files = async (instance: string): Promise<string[]> =>
    (
      await world.look(
        instance,
        'find /srv/app /tmp /var/cache/apt /var/lib/ledger /var/log/app -type f -size +1M | sort',
      )
    ).split('\n');
  const visits = (runId: string) =>
    Object.fromEntries(
      world
        .records('maintained')
        .filter(({ subject }) => subject === runId)
        .map(({ instanceId, visit }) => [instanceId, visit]),
    );
  const askFor = async (chore: string, more: { instanceId?: string; preview?: true } = {}): Promise<string> =>
    JSON.parse(
      JSON.stringify(await world.ask({ request: 'maintain', chore, ...more, requestedBy: 'ada', reason: 'to see it' })),
    ).runId;
  const CONFIG: Config = {
    ...SANDBOX_CONFIG,
    remedies: {
      ...SANDBOX_CONFIG.remedies,
      'disk-full': { settings: { AgeBy: 'modification', CleanableFolders: '/srv/app/cache' } },
    },
  };
  const ended = (runId: string) => world.record('maintenance-ended', ({ subject }) => subject === runId);

  beforeAll(async () => {
    world = await World.start({
      instances: 3,
      speed: 30,
      alarms: false,
      config: CONFIG,
    });
    [well, optedOut, broken] = [world.instance(0), world.instance(1), world.instance(2)];
    await Promise.all([well, optedOut, broken].map((instance) => world.look(instance, GATHER)));
    await world.aws.ec2.send(
      new CreateTagsCommand({ Resources: [optedOut], Tags: [{ Key: OPT_OUT_TAG, Value: 'audit' }] }),
    );
    // its state folder is not one: the script refuses before it changes anything
    await world.look(broken, 'touch /run/self-healing');
  });
  afterAll(async () => {
    await world.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a new deployment cleans nothing: a chore is due one period after the first sweep', async () => {
    expect((await world.sweep()).maintained).toEqual([]);
    expect((await world.sweep()).maintained).toEqual([]);
    expect(world.records('maintained')).toEqual([]);
    const health = JSON.parse(JSON.stringify(await world.ask({ request: 'check-health' })));
    expect(health.maintenance).toEqual([
      { chore: 'clean-caches', mode: 'act', nextDueAt: expect.stringMatching(/^\d{4}-/), lastRun: 'none yet' },
      { chore: 'clean-temporary-files', mode: 'act', nextDueAt: expect.stringMatching(/^\d{4}-/), lastRun: 'none yet' },
    ]);
  });

  test('S21: when it is due, sweeps at the same time start one run', async () => {
    world.sandbox.clock.skip(DAY_SECONDS + 60);
    await Promise.all([world.sweep(), world.sweep(), world.sweep()]);
    const run = await world.record('maintenance-ended', ({ choreId }) => choreId === 'clean-caches');
    scheduledRun = run.subject;
    expect(scheduledRun).toMatch(/^clean-caches-\d{8}T\d{4}-[0-9a-f]{6}$/);
    expect(
      world
        .commands('-clean-caches-clean-')
        .map(({ input }) => String(input['InstanceIds']))
        .toSorted(),
    ).toEqual([well, broken].toSorted());
  });

  test('S25, S26: what is old goes from the instance that is well; the one opted out is not touched, one failure stops no other', async () => {
    // a scheduled sweep may have begun with the temporary files by now
    const besides = async (instance: string) => (await files(instance)).filter((path) => path !== '/tmp/old');
    expect(await besides(well)).toEqual(KEPT);
    expect(await besides(optedOut)).toEqual([...KEPT, ...OLD_CACHES].toSorted());
    expect(await besides(broken)).toEqual([...KEPT, ...OLD_CACHES].toSorted());
    expect(visits(scheduledRun)).toEqual({
      [well]: {
        kind: 'visited',
        purpose: 'clean',
        answer: expect.objectContaining({
          kind: 'reported',
          report: expect.objectContaining({
            result: 'changed',
            summary: 'files deleted: 3; 5 MiB freed',
            counts: expect.objectContaining({ packageCaches: 1, rotatedLogs: 1, cleanableFolders: 1 }),
          }),
        }),
      },
      [optedOut]: {
        kind: 'held',
        reason: 'opted-out',
        detail: `the tag self-healing:opt-out is set on ${optedOut}`,
      },
      [broken]: {
        kind: 'visited',
        purpose: 'clean',
        answer: expect.objectContaining({ report: expect.objectContaining({ result: 'refused' }) }),
      },
    });
    expect(await ended(scheduledRun)).toMatchObject({
      startedBy: 'schedule',
      ended: 'finished',
      summary: '3 instances: 1 cleaned, 1 held, 1 failed; 5 MiB freed',
      instances: 3,
      notReached: 0,
    });
  });

  test('one chore at a time: the other one, due as well, comes with a later sweep', async () => {
    await until('the other chore has run', async () => {
      await world.sweep();
      return world.records('maintenance-ended').some(({ choreId }) => choreId === 'clean-temporary-files');
    });
    expect(await files(well)).toEqual(KEPT);
    expect(await files(optedOut)).toContain('/tmp/old');
  });

  test('a person may ask for it, of one instance, and is answered at once', async () => {
    await world.look(well, GATHER);
    const preview = await askFor('clean-caches', { instanceId: well, preview: true });
    expect(await ended(preview)).toMatchObject({ summary: '1 instance: 1 would-clean; 0 MiB freed' });
    expect(await files(well)).toEqual([...KEPT, ...OLD_CACHES, '/tmp/old'].toSorted());
    const runId = await askFor('clean-caches', { instanceId: well });
    expect(runId).toMatch(/^clean-caches-by-hand-[0-9a-f]{8}$/);
    expect(await ended(runId)).toMatchObject({ startedBy: 'person', ended: 'finished', instances: 1 });
    expect(await files(well)).toEqual([...KEPT, '/tmp/old'].toSorted());
    const health = JSON.parse(JSON.stringify(await world.ask({ request: 'check-health' })));
    expect(health.maintenance[0]).toMatchObject({
      chore: 'clean-caches',
      lastRun: { runId, ended: 'finished', summary: '1 instance: 1 cleaned; 5 MiB freed', failed: 0 },
    });
  });

  test('S5: while paused nothing is cleaned', async () => {
    await world.look(well, GATHER);
    await world.ask({ request: 'pause', requestedBy: 'ada', reason: 'an audit' });
    const before = world.commands('-clean-').length;
    const runId = await askFor('clean-caches');
    expect(await ended(runId)).toMatchObject({
      ended: 'paused',
      notReached: 3,
      summary: '3 instances: 3 not reached; 0 MiB freed; paused by ada: an audit; the request "resume" switches it on',
    });
    expect(world.commands('-clean-')).toHaveLength(before);
    expect(await files(well)).toEqual([...KEPT, ...OLD_CACHES, '/tmp/old'].toSorted());
  });

  test('S11, S23: in mode observe it says what it would clean, while paused too, and cleans nothing', async () => {
    const observing: Config = { ...CONFIG, maintenance: { mode: 'observe' } };
    await world.sandbox.stack.deploy(synthesize(observing, BUNDLES, folder));
    const before = world.commands('-clean-caches-clean-').length;
    const runId = await askFor('clean-caches');
    expect(await ended(runId)).toMatchObject({
      ended: 'finished',
      bytesFreed: 0,
      summary: '3 instances: 2 would-clean, 1 held; 0 MiB freed',
    });
    expect(visits(runId)[broken]).toMatchObject({
      purpose: 'preview',
      answer: { report: { result: 'would-change', summary: 'would delete 3 files, 5 MiB' } },
    });
    expect(world.commands('-clean-caches-clean-')).toHaveLength(before);
    expect(await files(well)).toEqual([...KEPT, ...OLD_CACHES, '/tmp/old'].toSorted());
    expect(await files(broken)).toEqual(expect.arrayContaining(OLD_CACHES));
  });

  test('it opens no incident, and nobody is told but of what people asked', async () => {
    const message = await world.sandbox.subscriber.waitFor(({ subject }) => subject.includes('pause'), 30);
    expect(message).toBeDefined();
    await world.caughtUp();
    const subjects = world.sandbox.subscriber.messages.map(({ subject }) => subject);
    expect(subjects.filter((subject) => !subject.includes('request '))).toEqual([]);
    expect(world.records('opened')).toEqual([]);
    expect(await world.deadLetters()).toBe(0);
  });
});
