import {
  DeleteAlarmMuteRuleCommand,
  GetAlarmMuteRuleCommand,
  ListAlarmMuteRulesCommand,
  PutAlarmMuteRuleCommand,
  type PutAlarmMuteRuleCommandInput,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { type Emulated, startEmulated } from '../emulated.ts';

// "PutAlarmMuteRule", "GetAlarmMuteRule", "ListAlarmMuteRules", "DeleteAlarmMuteRule":
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutAlarmMuteRule.html and so on

const OPENER = 'arn:aws:lambda:us-east-1:123456789012:function:open-incident:live';
const ARN = 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:maintenance';
let emulated: Emulated;

beforeAll(async () => {
  emulated = await startEmulated('2026-11-23T10:00:30Z');
  for (const AlarmName of ['disk', 'cpu']) {
    await emulated.client.send(
      new PutMetricAlarmCommand({
        AlarmName,
        Namespace: 'n',
        MetricName: AlarmName,
        Statistic: 'Maximum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 90,
        ComparisonOperator: 'GreaterThanThreshold',
        AlarmActions: [OPENER],
      }),
    );
  }
});
afterAll(() => emulated.stop());

const put = (more: Partial<PutAlarmMuteRuleCommandInput> & Pick<PutAlarmMuteRuleCommandInput, 'Rule'>) =>
  emulated.client.send(
    new PutAlarmMuteRuleCommand({ Name: 'maintenance', MuteTargets: { AlarmNames: ['disk'] }, ...more }),
  );
const list = async (filter: { AlarmName?: string; Statuses?: ('SCHEDULED' | 'ACTIVE' | 'EXPIRED')[] } = {}) =>
  (await emulated.client.send(new ListAlarmMuteRulesCommand(filter))).AlarmMuteRuleSummaries ?? [];
const told = (): string[] => emulated.transitions.splice(0).map(({ kind }) => kind);

test('a rule that a client put mutes, is told of, and acts when it is deleted', async () => {
  const Schedule = { Expression: 'at(2026-11-23T10:00)', Duration: 'PT2H', Timezone: 'UTC' };
  await put({ Rule: { Schedule }, Description: 'new disks' });
  expect(await emulated.client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'maintenance' }))).toMatchObject({
    Name: 'maintenance',
    AlarmMuteRuleArn: ARN,
    Description: 'new disks',
    Rule: { Schedule },
    MuteTargets: { AlarmNames: ['disk'] },
    Status: 'ACTIVE',
    MuteType: 'ONE_TIME',
    LastUpdatedTimestamp: new Date('2026-11-23T10:00:30Z'),
  });
  await emulated.client.send(
    new PutMetricDataCommand({ Namespace: 'n', MetricData: [{ MetricName: 'disk', Value: 95 }] }),
  );
  emulated.clock.moveTo('2026-11-23T10:01:10Z');
  await emulated.cloudWatch.tick();
  expect(emulated.transitions).toMatchObject([
    { kind: 'event-bridge', event: { detail: { state: { value: 'ALARM' }, muteDetail: { mutedByArn: ARN } } } },
  ]);
  expect(told()).toEqual(['event-bridge']);
  await emulated.client.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: 'maintenance' }));
  expect(told()).toEqual(['lambda-action']);
  expect(await list()).toEqual([]);
});

test('boto3 puts, lists and deletes rules alike', async () => {
  const found = await emulated.python(`
cw = boto3.client('cloudwatch')
cw.put_alarm_mute_rule(Name='nightly', Rule={'Schedule': {'Expression': 'cron(0 2 * * ?)', 'Duration': 'PT2H'}},
    MuteTargets={'AlarmNames': ['disk', 'cpu']})
for rule in cw.list_alarm_mute_rules(AlarmName='cpu')['AlarmMuteRuleSummaries']:
    print(rule['AlarmMuteRuleArn'].split(':')[-1], rule['Status'], rule['MuteType'])
cw.delete_alarm_mute_rule(AlarmMuteRuleName='nightly')
print(len(cw.list_alarm_mute_rules()['AlarmMuteRuleSummaries']))`);
  expect(found).toBe('nightly SCHEDULED RECURRING\n0');
});

// "SCHEDULED: will become active at some time in the future"; "ACTIVE: is currently active"; "EXPIRED: for one-time mute
// rules after the mute window has ended, or for recurring mute rules when an end timestamp is configured and that time has
// passed" ("Mute Rule Status" in "Alarm Mute Rules")
describe('the status of a rule at 10:01', () => {
  test.each([
    ['SCHEDULED', { Expression: 'cron(0 11 * * *)', Duration: 'PT1H' }, {}],
    ['ACTIVE', { Expression: 'cron(0 10 * * *)', Duration: 'PT1H' }, {}],
    ['SCHEDULED', { Expression: 'cron(0 10 * * *)', Duration: 'PT1M' }, {}],
    ['EXPIRED', { Expression: 'at(2026-11-23T09:00)', Duration: 'PT1H' }, {}],
    ['EXPIRED', { Expression: 'cron(0 10 * * *)', Duration: 'PT1H' }, { ExpireDate: new Date('2026-11-23T10:00:10Z') }],
    ['EXPIRED', { Expression: 'cron(0 12 * * *)', Duration: 'PT1H' }, { ExpireDate: new Date('2026-11-23T10:01:30Z') }],
    // "Start timestamps ensure that mute rules don't activate before a specific date and time"
    [
      'SCHEDULED',
      { Expression: 'cron(0 10 * * *)', Duration: 'PT1H' },
      { StartDate: new Date('2026-11-23T10:01:05Z') },
    ],
  ] as const)('%s: %j %j', async (status, Schedule, dates) => {
    await put({ Rule: { Schedule }, ...dates });
    expect((await list({ AlarmName: 'disk' })).map(({ Status }) => Status)).toEqual([status]);
    expect(await list({ AlarmName: 'cpu' })).toEqual([]);
    expect(await list({ Statuses: [status] })).toHaveLength(1);
    expect(await list({ Statuses: status === 'ACTIVE' ? ['EXPIRED'] : ['ACTIVE'] })).toEqual([]);
  });
});

// "The default is 50"; `NextToken` "to indicate where to continue"
test('rules are listed in pages', async () => {
  const Schedule = { Expression: 'cron(0 2 * * *)', Duration: 'PT1H' };
  for (const Name of ['maintenance', 'second', 'third']) await put({ Name, Rule: { Schedule } });
  const first = await emulated.client.send(new ListAlarmMuteRulesCommand({ MaxRecords: 2 }));
  const { NextToken } = first;
  const second = await emulated.client.send(new ListAlarmMuteRulesCommand({ MaxRecords: 2, NextToken }));
  expect([first, second].map((page) => page.AlarmMuteRuleSummaries?.length)).toEqual([2, 1]);
  expect(second.NextToken).toBeUndefined();
});

const hourly = { Schedule: { Expression: 'cron(0 * * * *)', Duration: 'PT1M' } };
test.each<[string, Partial<PutAlarmMuteRuleCommandInput>, string]>([
  // "The alarm names must match existing alarms in your AWS account and region." ("MuteTargets")
  ['an alarm that does not exist', { MuteTargets: { AlarmNames: ['disk', 'dsik'] } }, 'there is no alarm dsik'],
  [
    // "A single alarm mute rule can target up to 100 alarms"
    'more than 100 alarms',
    { MuteTargets: { AlarmNames: Array.from({ length: 101 }, () => 'disk') } },
    '101 alarms, allowed are 100',
  ],
  [
    'a schedule that nobody understands',
    { Rule: { Schedule: { Expression: 'rate(1 hour)', Duration: 'PT1M' } } },
    'mute schedule "rate(1 hour)": allowed are cron(',
  ],
])('a rule with %s is refused', async (_name, more, problem) => {
  await expect(put({ Rule: hourly, ...more })).rejects.toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(problem),
  });
});

test('what has no name of a rule is answered, not an accident', async () => {
  await expect(
    emulated.client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: 'unknown' })),
  ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'no mute rule unknown' });
  await emulated.client.send(new DeleteAlarmMuteRuleCommand({ AlarmMuteRuleName: 'unknown' }));
  await expect(
    emulated.client.send(new GetAlarmMuteRuleCommand({ AlarmMuteRuleName: undefined })),
  ).rejects.toMatchObject({ message: 'GetAlarmMuteRule: missing or wrong: AlarmMuteRuleName' });
});
