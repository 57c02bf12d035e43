import { about } from './about.ts';
import { World } from './world.ts';

describe('output that is cut on its way', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    world = await World.start({ instances: 2 });
  });
  afterAll(() => world.stop());

  test('S29: a repair whose report is cut has the outcome unknown, though it cleaned the disk; the check closes', async () => {
    instance = world.instance(0);
    // enough for a check's line, not for a report
    world.sandbox.ssm.faults.truncateStdoutBytes = 100;
    await world.break('disk-full', instance);

    const acted = await world.record('acted', about(instance));
    expect(acted.answer).toEqual({
      kind: 'unknown',
      detail: "the script's output is not JSON (100 characters, cut or damaged)",
      commandId: expect.any(String),
    });
    const closed = await world.record('closed', about(instance));
    expect(closed.because).toBe('already-healthy');
    expect(closed.attempts).toMatchObject([{ remedyId: 'disk-full', outcome: 'unknown' }]);
    expect(world.records('verified')).toEqual([]);
    expect(world.commands('-repair-')).toHaveLength(1);
  });

  test('S29: where the check is cut too, nothing is known: a person is told, and nothing is tried again', async () => {
    instance = world.instance(1);
    world.sandbox.ssm.faults.truncateStdoutBytes = 0;
    await world.break('disk-full', instance);

    const escalated = await world.record('escalated', about(instance));
    expect(escalated).toMatchObject({
      reason: 'verification-unknown',
      detail: "after disk-full: the script's output is not JSON (0 characters, cut or damaged)",
      evidence: 'the check gave no evidence',
      attempts: [{ remedyId: 'disk-full', outcome: 'unknown' }],
    });
    await world.ended(escalated.subject, 1);
    await world.sweepOver(escalated.subject);
    expect(world.records('closed').filter(about(instance))).toEqual([]);
    expect(world.commands('-repair-')).toHaveLength(2);

    const message = await world.sandbox.subscriber.waitFor(({ text }) => text.includes(escalated.subject), 30);
    expect(message?.subject).toBe(`[self-healing] needs a person: disk-full on ${instance} /`);
    expect(message?.topicArn).toContain('Critical');
  });

  test('once output arrives whole again, the sweep finds it healthy and closes it', async () => {
    world.sandbox.ssm.faults.truncateStdoutBytes = undefined;
    const { subject } = await world.record('escalated', about(instance));
    await world.sweepOver(subject);
    expect(await world.record('closed', about(instance))).toMatchObject({ subject, because: 'already-healthy' });
    const said = world.records('verified').map(({ outcome }) => outcome);
    expect(said).not.toContain('recovered');
  });
});
