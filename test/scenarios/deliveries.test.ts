import { actSlices, slices } from '../../remedies/index.ts';
import { detecting } from '../../remedies/slice.ts';
import { World } from './world.ts';

const CPU_ALARM = 'self-healing-cpu-saturated';
const MEBIBYTE = 1024 * 1024;
const ALLOWED =
  'a CloudWatch alarm action, or an EventBridge "CloudWatch Alarm State Change" or "CloudWatch Alarm Contributor State Change"';

describe('what is delivered to open-incident', () => {
  let world: World;
  let instance: string;
  beforeAll(async () => {
    world = await World.start({ speed: 30 });
    instance = world.instance();
  });
  afterAll(() => world.stop());

  const warnings = () => world.log('open-incident').filter(({ level }) => level === 'WARN');
  const deliverAll = async (events: readonly unknown[]): Promise<void> => {
    await Promise.all(events.map((event) => world.deliver(event)));
    await world.sandbox.lambda.idle();
    await world.caughtUp();
  };

  test('S21: 100 deliveries of one event at once cause one incident and one act', async () => {
    await world.break('disk-full', instance);
    const event = world.contributorEvent('disk-full', { InstanceId: instance, path: '/' });
    await Promise.all(Array.from({ length: 100 }, () => world.deliver(event)));

    const closed = await world.record('closed');
    expect(closed.because).toBe('recovered');
    expect(world.records('opened')).toHaveLength(1);
    expect(world.records('acted')).toHaveLength(1);
    expect(world.commands('-repair-')).toHaveLength(1);
    const runs = world.sandbox.lambda.executions().filter(({ name }) => name.startsWith(closed.subject));
    expect(runs.map(({ name }) => name).filter((name) => /-run-\d+$/.test(name))).toEqual([`${closed.subject}-run-1`]);

    const records = world.sandbox.records.length;
    await deliverAll(Array.from({ length: 100 }, () => event));
    expect(world.sandbox.records).toHaveLength(records);
    expect(world.sandbox.lambda.executions().filter(({ name }) => name.endsWith('-run-1'))).toHaveLength(1);
    expect(warnings()).toEqual([]);
  });

  describe('S23: what it does not know is consumed with one warning', () => {
    const event = (attributes: Record<string, string>) => world.contributorEvent('disk-full', attributes);
    const cases: readonly (readonly [name: string, event: () => unknown, problem: string])[] = [
      [
        'an unknown instance',
        () => event({ InstanceId: 'i-0123456789abcdef0', path: '/' }),
        'self-healing-disk-full: EC2 does not know the instance i-0123456789abcdef0',
      ],
      [
        'a name that is no instance',
        () => event({ InstanceId: '*', path: '/' }),
        'self-healing-disk-full: InstanceId is "*", allowed is i- and 8 to 17 hexadecimal digits',
      ],
      [
        'a part that would be a command',
        () => event({ InstanceId: instance, path: '/$(reboot)' }),
        'self-healing-disk-full: part is "/$(reboot)", allowed is ^/[A-Za-z0-9._/-]{0,200}$, for example /',
      ],
      [
        'a foreign alarm',
        () => foreign(event({ InstanceId: instance, path: '/' })),
        `alarm "somebody-elses-alarm" is not of this stack; allowed are ${[
          ...detecting([...actSlices, ...slices]).map(({ id }) => id),
          'restarted-on-host',
          'restarted-again',
        ]
          .map((id) => `self-healing-${id}`)
          .join(', ')}`,
      ],
      ['a text', () => JSON.stringify('reboot everything'), `got "reboot everything", allowed is ${ALLOWED}`],
      ['a number', () => '42', `got 42, allowed is ${ALLOWED}`],
      ['null', () => 'null', `got null, allowed is ${ALLOWED}`],
      [
        'an empty array',
        () => [],
        `got an event with source none and detail-type none, keys ""; allowed is ${ALLOWED}`,
      ],
      [
        'an array',
        () => ['aws.cloudwatch', {}],
        `got an event with source none and detail-type none, keys "0, 1"; allowed is ${ALLOWED}`,
      ],
      [
        'an empty object',
        () => '{}',
        `got an event with source none and detail-type none, keys ""; allowed is ${ALLOWED}`,
      ],
      [
        'another service',
        () => ({ source: 'aws.ec2', 'detail-type': 'EC2 Instance State-change Notification', detail: {} }),
        `got an event with source "aws.ec2" and detail-type "EC2 Instance State-change Notification", keys "source, detail-type, detail"; allowed is ${ALLOWED}`,
      ],
    ];
    test.each(cases)('%s', async (_name, made, problem) => {
      const before = warnings().length;
      await deliverAll([made()]);
      expect(warnings().slice(before)).toEqual([{ level: 'WARN', logType: 'event-refused', problem }]);
    });

    const hostile: readonly (readonly [name: string, payload: () => string])[] = [
      ['an object of 100,000 levels', () => `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
      ['an array of 500,000 levels', () => `${'['.repeat(500_000)}${']'.repeat(500_000)}`],
      ['a source of 100,000 levels', () => `{"source":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
      ['a source of just less than 1 MiB', () => `{"source":"${'s'.repeat(MEBIBYTE - 13)}"}`],
      ['an instance of just less than 1 MiB', () => JSON.stringify(event({ InstanceId: 'i'.repeat(MEBIBYTE - 2000) }))],
      ['a text of just less than 1 MiB', () => JSON.stringify('x'.repeat(MEBIBYTE - 2))],
      ['a name of just less than 1 MiB', () => `{"${'k'.repeat(MEBIBYTE - 6)}":1}`],
      ['an alarm whose name is just less than 1 MiB', () => longAlarm(event({ InstanceId: instance, path: '/' }))],
    ];
    test.each(hostile)('%s', async (_name, made) => {
      const payload = made();
      expect(Buffer.byteLength(payload)).toBeLessThanOrEqual(MEBIBYTE);
      const before = warnings().length;
      await deliverAll([payload]);
      const told = warnings().slice(before);
      expect(told).toEqual([{ level: 'WARN', logType: 'event-refused', problem: expect.any(String) }]);
      expect(String(told[0]?.['problem']).length).toBeLessThan(500);
    });
  });

  test('a muted alarm, and one that is OK again, cause nothing, and no warning', async () => {
    const before = warnings().length;
    const event = world.contributorEvent('disk-full', { InstanceId: instance, path: '/' });
    const muteDetail = { mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night' };
    await deliverAll([
      { ...event, detail: { ...event.detail, muteDetail } },
      { ...event, detail: { ...event.detail, state: { ...event.detail.state, value: 'OK' } } },
    ]);
    const ignored = world.log('open-incident').filter(({ logType }) => logType === 'event-ignored');
    expect(ignored.slice(-2).map(({ why }) => why)).toEqual(
      expect.arrayContaining([
        `self-healing-disk-full is muted by ${muteDetail.mutedByArn} until its end`,
        'self-healing-disk-full is OK: only ALARM opens an incident',
      ]),
    );
    expect(warnings()).toHaveLength(before);
  });

  test('an alarm event without dimensions asks for the contributors once per alarm and minute', async () => {
    const { detail, ...rest } = world.contributorEvent('cpu-saturated', {});
    const { alarmContributor: _, ...withoutContributor } = detail;
    const event = { ...rest, 'detail-type': 'CloudWatch Alarm State Change', detail: withoutContributor };
    const opener = world.sandbox.deployed.functions.get('self-healing-open-incident')?.accessKeyId;
    const asked = () =>
      world
        .calls('DescribeAlarmContributors')
        .filter(({ accessKeyId, input }) => accessKeyId === opener && input['AlarmName'] === CPU_ALARM);
    for (const minute of [1, 2]) {
      await nextMinute(world);
      await deliverAll(Array.from({ length: 10 }, () => event));
      expect(asked()).toHaveLength(minute);
    }
  });

  test('of all that, one incident was opened, one act was done, and nothing became a dead letter', async () => {
    expect(world.records('opened')).toHaveLength(1);
    expect(world.commands('-repair-')).toHaveLength(1);
    expect(world.changes()).toHaveLength(1);
    expect(await world.deadLetters()).toBe(0);
  });
});

type ContributorEvent = ReturnType<World['contributorEvent']>;

const foreign = (event: ContributorEvent) => ({
  ...event,
  detail: { ...event.detail, alarmName: 'somebody-elses-alarm' },
});

function longAlarm(event: ContributorEvent): string {
  const named = (alarmName: string): string => JSON.stringify({ ...event, detail: { ...event.detail, alarmName } });
  return named('a'.repeat(MEBIBYTE - named('').length));
}

/** Resolves as a minute of the sandbox's clock begins. */
function nextMinute({ sandbox }: World): Promise<void> {
  return new Promise((resolve) => {
    sandbox.clock.after(60 - ((sandbox.clock.nowMillis() / 1000) % 60), resolve);
  });
}
