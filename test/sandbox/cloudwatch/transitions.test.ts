import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Change } from '../../../sandbox/cloudwatch/alarm-state.ts';
import { defineAlarm } from '../../../sandbox/cloudwatch/definition.ts';
import { consequencesOf } from '../../../sandbox/cloudwatch/transitions.ts';

const OPENER = 'arn:aws:lambda:us-east-1:123456789012:function:open-incident:live';
const TOPIC = 'arn:aws:sns:us-east-1:123456789012:people';
const EXPRESSION = 'SELECT MAX(disk) FROM n GROUP BY InstanceId';
const shared: MetricAlarm = {
  AlarmName: 'disk',
  AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk',
  AlarmDescription: 'disks of the fleet',
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 90,
  EvaluationPeriods: 1,
  AlarmActions: [OPENER, TOPIC],
};
const fleet = defineAlarm({ ...shared, Metrics: [{ Id: 'q', Expression: EXPRESSION, Period: 60 }] });
const one = defineAlarm({
  ...shared,
  Namespace: 'n',
  MetricName: 'disk',
  Dimensions: [{ Name: 'InstanceId', Value: 'i-1' }],
  Statistic: 'Maximum',
  Period: 60,
  OKActions: ['arn:aws:automate:us-east-1:ec2:reboot'],
});
const before = {
  value: 'OK',
  reason: 'fine',
  reasonData: '{"a":1}',
  sinceMillis: Date.parse('2026-11-23T09:00:00Z'),
} as const;
const after = {
  value: 'ALARM',
  reason: 'full',
  reasonData: '{"b":2}',
  sinceMillis: Date.parse('2026-11-23T10:01:10.5Z'),
} as const;
const contributor = { id: '44376130f0ca8c06', attributes: { InstanceId: 'i-1' } };
const ofContributor: Change = { before, after, contributor };
const ofAlarm: Change = { before, after };
const plain = { mute: undefined, omitContributor: false, actsByContributor: false };
const byContributor = { ...plain, actsByContributor: true };

test("a contributor's change invokes the function and is an EventBridge event of its own kind", () => {
  const { events } = consequencesOf(fleet, ofContributor, byContributor);
  const configuration = {
    metrics: [{ id: 'q', expression: EXPRESSION, returnData: true, period: 60 }],
    description: 'disks of the fleet',
  };
  const state = { value: 'ALARM', reason: 'full', timestamp: '2026-11-23T10:01:10.500+0000' };
  expect(events).toEqual([
    {
      kind: 'lambda-action',
      functionArn: OPENER,
      payload: {
        source: 'aws.cloudwatch',
        alarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk',
        accountId: '123456789012',
        time: '2026-11-23T10:01:10.500+0000',
        region: 'us-east-1',
        alarmData: { alarmName: 'disk', alarmContributor: contributor, state, configuration },
      },
    },
    {
      kind: 'event-bridge',
      event: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'CloudWatch Alarm Contributor State Change',
        source: 'aws.cloudwatch',
        account: '123456789012',
        time: '2026-11-23T10:01:10Z',
        region: 'us-east-1',
        resources: ['arn:aws:cloudwatch:us-east-1:123456789012:alarm:disk'],
        detail: { alarmName: 'disk', alarmContributor: contributor, state, configuration },
      },
    },
  ]);
});

test("a single metric's change carries the metric with its dimensions, and the state before", () => {
  const { events } = consequencesOf(one, ofAlarm, plain);
  const detail = {
    alarmName: 'disk',
    state: { value: 'ALARM', reason: 'full', reasonData: '{"b":2}', timestamp: '2026-11-23T10:01:10.500+0000' },
    previousState: { value: 'OK', reason: 'fine', reasonData: '{"a":1}', timestamp: '2026-11-23T09:00:00.000+0000' },
    configuration: {
      metrics: [
        {
          id: 'm1',
          metricStat: {
            metric: { namespace: 'n', name: 'disk', dimensions: { InstanceId: 'i-1' } },
            period: 60,
            stat: 'Maximum',
          },
          returnData: true,
        },
      ],
      description: 'disks of the fleet',
    },
  };
  expect(events).toMatchObject([
    { kind: 'lambda-action', payload: { alarmData: detail } },
    { kind: 'event-bridge', event: { 'detail-type': 'CloudWatch Alarm State Change', detail } },
  ]);
});

test('actions belong to the contributors where there are any: the alarm itself is told to EventBridge only', () => {
  const { events, topicMessages } = consequencesOf(fleet, ofAlarm, byContributor);
  expect(events.map(({ kind }) => kind)).toEqual(['event-bridge']);
  expect(topicMessages).toEqual([]);
});

test('the direct action can leave out which contributor it is about', () => {
  const { events } = consequencesOf(fleet, ofContributor, { ...byContributor, omitContributor: true });
  expect(JSON.stringify(events[0])).not.toContain('alarmContributor');
  expect(JSON.stringify(events[1])).toContain('alarmContributor');
});

test('a muted alarm does nothing itself; its EventBridge event says who muted it', () => {
  const mute = {
    mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night',
    muteWindowStart: '2026-11-23T10:00:00.000+0000',
    muteWindowEnd: '2026-11-23T11:00:00.000+0000',
  };
  const { events, topicMessages } = consequencesOf(fleet, ofContributor, { ...byContributor, mute });
  expect(topicMessages).toEqual([]);
  expect(events).toMatchObject([{ kind: 'event-bridge', event: { detail: { muteDetail: mute } } }]);
});

test('an alarm whose actions are off is told to EventBridge only', () => {
  const { events, topicMessages } = consequencesOf({ ...one, actionsEnabled: false }, ofAlarm, plain);
  expect([events.map(({ kind }) => kind), topicMessages]).toEqual([['event-bridge'], []]);
});

test('a topic gets the message that CloudWatch publishes', () => {
  const { topicMessages } = consequencesOf(fleet, ofContributor, byContributor);
  expect(topicMessages).toMatchObject([{ topicArn: TOPIC, subject: 'ALARM: "disk" in us-east-1' }]);
  expect(JSON.parse(topicMessages[0]?.message ?? '')).toMatchObject({
    AlarmName: 'disk',
    NewStateValue: 'ALARM',
    OldStateValue: 'OK',
    NewStateReason: 'full',
    AlarmContributorId: '44376130f0ca8c06',
    AlarmContributorAttributes: { InstanceId: 'i-1' },
    Trigger: { Threshold: 90, Period: 60 },
  });
});

test('each state has actions of its own, and those of other kinds are said to be left out', () => {
  const consequences = consequencesOf(one, { before: after, after: before }, plain);
  expect(consequences.leftOut).toEqual(['arn:aws:automate:us-east-1:ec2:reboot']);
  expect(consequences.events.map(({ kind }) => kind)).toEqual(['event-bridge']);
});
