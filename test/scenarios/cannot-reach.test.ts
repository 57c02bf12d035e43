import { SANDBOX_CONFIG } from '../../sandbox/default-config.ts';
import { about } from './about.ts';
import { type Busy, standingOf, startBusy, stopBusy } from './busy.ts';
import { World } from './world.ts';

const CONFIG = {
  ...SANDBOX_CONFIG,
  remedies: {
    'disk-full': { settings: { AgeBy: 'modification' }, soakSeconds: 30, cooldownSeconds: 0 },
    'cpu-saturated': { settings: { SampleSeconds: '1' }, soakSeconds: 30, cooldownSeconds: 0 },
  },
};

describe('a symptom that no remedy can reach', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    // slower than other scenarios: the scripts run in real time
    world = await World.start({ speed: 12, config: CONFIG });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  const message = (subject: string, what: string) =>
    world.sandbox.subscriber.waitFor((one) => one.subject.includes(what) && one.text.includes(subject), 30);
  const messages = (subject: string, what: string) =>
    world.sandbox.subscriber.messages.filter((one) => one.subject.includes(what) && one.text.includes(subject));

  describe('a disk full of what nobody may delete', () => {
    const isThis = (record: Parameters<ReturnType<typeof about>>[0]) => about(instance, 'disk-full')(record);
    let incidentId: string;

    test('is tried once, is not recovered, and is handed to a person with what was tried', async () => {
      await world.look(
        instance,
        `read -r used available < <(df -B1024 --output=used,avail / | tail -n 1)
        fallocate -l "$(((used + available) * 96 / 100 - used))KiB" /var/lib/bigfile; touch -d '90 days ago' /var/lib/bigfile`,
      );
      const escalated = await world.record('escalated', isThis);
      incidentId = escalated.subject;
      // what the agent writes for each command may raise it by a tenth
      const summary = expect.stringMatching(/^\/ 96\.\d % -> 96\.\d % used: nothing was found that may be deleted$/);
      expect(escalated).toMatchObject({
        reason: 'ladder-exhausted',
        detail: 'tried disk-full (not-recovered); no remedy is left',
        evidence: expect.stringMatching(/^\/ 96\.\d % used, 11 MiB free, limit 90 %$/),
        attempts: [{ remedyId: 'disk-full', outcome: 'not-recovered', summary }],
      });
      expect(world.records('acted').map(({ answer }) => answer)).toMatchObject([
        { kind: 'reported', report: { result: 'nothing-to-do', summary } },
      ]);
      expect(world.records('verified').map(({ outcome }) => outcome)).toEqual(['not-recovered']);

      const told = await message(incidentId, 'needs a person');
      expect(told?.topicArn).toContain('Critical');
      expect(told?.subject).toBe(`[self-healing] needs a person: disk-full on ${instance} /`);
      expect(told?.text.split('\n')).toEqual(
        expect.arrayContaining([
          'why       ladder-exhausted: tried disk-full (not-recovered); no remedy is left',
          `now       ${escalated.evidence}`,
          `tried     disk-full: ${escalated.attempts[0]?.summary} (not-recovered)`,
        ]),
      );
    });

    test('S29: however often it is swept, it is looked at, not acted on, and told once', async () => {
      await world.ended(incidentId, 1);
      const checks = world.commands('-disk-full-check-').length;
      for (let pass = 1; pass <= 3; pass++) await world.sweepOver(incidentId);
      expect(world.commands('-disk-full-check-').length).toBeGreaterThanOrEqual(checks + 3);
      expect(world.commands('-repair-')).toHaveLength(1);
      expect(world.records('escalated')).toHaveLength(1);
      expect(await world.state.incident(incidentId)).toMatchObject({ state: 'escalated' });
    });

    test('a person who asks to heal has it tried again, once', async () => {
      const answer = await world.ask({
        request: 'heal',
        instanceId: instance,
        symptom: 'disk-full',
        requestedBy: 'ada',
        reason: 'I think it can be cleaned now',
      });
      expect(answer).toEqual({
        request: 'heal',
        incidents: [
          {
            incidentId,
            about: `disk-full on ${instance} /`,
            became: 'tried-again',
            preview: {
              kind: 'remediate',
              reason: 'least-disruptive-untried',
              remedyId: 'disk-full',
              detail: 'clean temporary files, rotated logs and caches',
            },
          },
        ],
        note: 'the preview assumes that the symptom is there; the execution checks and decides',
      });
      await world.ended(incidentId, (await world.state.incident(incidentId)).run);
      expect(world.commands('-repair-')).toHaveLength(2);
      expect(world.records('escalated')).toHaveLength(2);
      await world.sweepOver(incidentId);
      expect(world.commands('-repair-')).toHaveLength(2);
    });

    test('S19: once a person freed the disk, the sweep closes it', async () => {
      await world.look(instance, 'rm /var/lib/bigfile');
      await world.sweepOver(incidentId);
      const closed = await world.record('closed', isThis);
      expect(closed).toMatchObject({ subject: incidentId, because: 'already-healthy' });
      const told = await message(incidentId, 'already-healthy');
      expect(told?.topicArn).toContain('Warning');
      // one for the first escalation, one after the person's request
      expect(messages(incidentId, 'needs a person')).toHaveLength(2);
      expect(world.commands('-repair-')).toHaveLength(2);
    });
  });

  describe('a CPU saturated by a process that nobody called expendable', () => {
    const isThis = (record: Parameters<ReturnType<typeof about>>[0]) => about(instance, 'cpu-saturated')(record);
    let incidentId: string;
    let hog: Busy;

    test('S15: the process is not signalled, at most eased, and gets its priority back', async () => {
      hog = await startBusy(world, instance, 'ledger-close');
      await world.deliver(world.contributorEvent('cpu-saturated', { InstanceId: instance }));

      const escalated = await world.record('escalated', isThis);
      incidentId = escalated.subject;
      expect(escalated).toMatchObject({
        reason: 'ladder-exhausted',
        evidence: expect.stringMatching(/^cpu \d+\.\d % busy, top ledger-close \d+ %$/),
        attempts: [{ remedyId: 'cpu-saturated', outcome: 'not-recovered' }],
      });
      const acts = world.records('acted').filter(isThis);
      expect(acts.map(({ purpose, answer }) => [purpose, answer])).toMatchObject([
        [
          'repair',
          {
            report: {
              result: 'changed',
              counts: { stopped: 0, eased: 1 },
              changes: [{ what: 'eased', pid: hog.pid, comm: 'ledger-close', user: 'root' }],
              left: [{ why: 'not-expendable', count: 1 }],
            },
          },
        ],
        [
          'undo',
          {
            report: {
              result: 'changed',
              counts: { restored: 1 },
              changes: [{ what: 'restored', pid: hog.pid, comm: 'ledger-close', nice: 0 }],
            },
          },
        ],
      ]);
      expect(await standingOf(world, instance, hog.pid)).toEqual({ startTicks: hog.startTicks, nice: 0 });
    });

    test('a person is told which processes use the CPU', async () => {
      const told = await message(incidentId, 'needs a person');
      expect(told?.topicArn).toContain('Critical');
      expect(told?.subject).toBe(`[self-healing] needs a person: cpu-saturated on ${instance}`);
      expect(told?.text).toMatch(new RegExp(`^seen      topBefore: ${hog.pid} ledger-close root \\d+\\.\\d %$`, 'm'));
      expect(told?.text).toMatch(
        /^tried {5}cpu-saturated: cpu .* busy; processes stopped: 0, eased: 1 \(not-recovered\)$/m,
      );
    });

    test('S29: it is not tried again by any sweep, and closes once the process was stopped by hand', async () => {
      await world.ended(incidentId, 1);
      await world.sweepOver(incidentId);
      await world.sweepOver(incidentId);
      expect(world.commands('-cpu-saturated-repair-')).toHaveLength(1);
      expect(world.commands('-cpu-saturated-undo-')).toHaveLength(1);
      expect(world.records('escalated').filter(isThis)).toHaveLength(1);
      expect(await standingOf(world, instance, hog.pid)).toEqual({ startTicks: hog.startTicks, nice: 0 });

      await stopBusy(world, instance, hog);
      await world.sweepOver(incidentId);
      // on a busy machine the alarm may have had an incident of its own before
      const closed = await world.record('closed', ({ subject }) => subject === incidentId);
      expect(closed).toMatchObject({ because: 'already-healthy' });
    });
  });
});
