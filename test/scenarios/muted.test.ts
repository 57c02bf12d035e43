import { DescribeAlarmContributorsCommand, PutAlarmMuteRuleCommand } from '@aws-sdk/client-cloudwatch';
import { until } from './until.ts';
import { World } from './world.ts';

const ALARM = 'self-healing-disk-full';

// "Alarm Mute Rules": https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-mute-rules.html
describe('an alarm that AWS is told to mute', () => {
  let world: World;
  const sent: string[] = [];
  beforeAll(async () => {
    world = await World.start({ speed: 40 });
    world.sandbox.listeners.add({
      onTransition: (event) => {
        const said: { alarmName: string; state: { value: string }; muteDetail?: object } = JSON.parse(
          JSON.stringify(event.kind === 'lambda-action' ? event.payload.alarmData : event.event.detail),
        );
        if (said.alarmName !== ALARM || said.state.value !== 'ALARM') return;
        sent.push(event.kind === 'lambda-action' ? 'direct' : `event${said.muteDetail === undefined ? '' : ' muted'}`);
      },
    });
  });
  afterAll(() => world.stop());

  test('opens no incident by its action, its events or the sweep, and one when the window ends', async () => {
    const minute = new Date(world.sandbox.clock.nowMillis()).toISOString().slice(0, 16);
    await world.aws.cloudWatch.send(
      new PutAlarmMuteRuleCommand({
        Name: 'maintenance',
        Rule: { Schedule: { Expression: `at(${minute})`, Duration: 'PT10M' } },
        MuteTargets: { AlarmNames: [ALARM] },
      }),
    );
    const endMillis = Date.parse(`${minute}Z`) + 10 * 60_000;
    await world.break('disk-full', world.instance());
    await until('the contributor is in ALARM', async () => {
      const { AlarmContributors = [] } = await world.aws.cloudWatch.send(
        new DescribeAlarmContributorsCommand({ AlarmName: ALARM }),
      );
      return AlarmContributors.length > 0;
    });
    const { opened, problems } = await world.sweep();
    expect([opened, problems.filter((problem) => problem.startsWith(ALARM))]).toEqual([[], []]);
    expect(sent).toEqual(['event muted', 'event muted']);
    expect(world.records('opened')).toEqual([]);
    expect(world.sandbox.clock.nowMillis()).toBeLessThan(endMillis);

    const incident = await world.record('opened');
    // Whichever comes first when the window ends: the alarm's action or a pass of the sweep. Either way there is one incident.
    expect([ALARM, `${ALARM} (sweep)`]).toContain(incident.openedBy);
    expect(world.sandbox.clock.nowMillis()).toBeGreaterThan(endMillis);
    await until("the alarm's action is sent", () => sent.length > 2);
    expect(sent).toEqual(['event muted', 'event muted', 'direct']);
    expect(world.records('opened')).toHaveLength(1);
    const ignored = world.log('open-incident').filter(({ logType }) => logType === 'event-ignored');
    const windowEnd = new Date(endMillis).toISOString().replace('Z', '+0000');
    expect(ignored.map(({ why }) => why)).toEqual(
      Array.from(
        { length: 2 },
        () =>
          `${ALARM} is muted by arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:maintenance until ${windowEnd}`,
      ),
    );
  });
});
