import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { Change } from '../../../sandbox/cloudwatch/alarm-state.ts';
import { defineAlarm } from '../../../sandbox/cloudwatch/definition.ts';
import { actionsOf, eventOf } from '../../../sandbox/cloudwatch/transitions.ts';

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

test("a contributor's change invokes the function and is an EventBridge event of its own kind", () => {
  const configuration = {
    metrics: [{ id: 'q', expression: EXPRESSION, returnData: true, period: 60 }],
    description: 'disks of the fleet',
  };
  const state = { value: 'ALARM', reason: 'full', timestamp: '2026-11-23T10:01:10.500+0000' };
  expect(actionsOf(fleet, ofContributor, false).invocations).toEqual([
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
  ]);
  expect(eventOf(fleet, ofContributor, undefined)).toEqual({
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
  });
});

test("a single metric's change carries the metric with its dimensions, and the state before", () => {
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
  expect(actionsOf(one, ofAlarm, false).invocations).toMatchObject([
    { kind: 'lambda-action', payload: { alarmData: detail } },
  ]);
  expect(eventOf(one, ofAlarm, undefined)).toMatchObject({
    kind: 'event-bridge',
    event: { 'detail-type': 'CloudWatch Alarm State Change', detail },
  });
});

test('actions belong to the contributors where there are any: the alarm itself has none', () => {
  expect(actionsOf(fleet, ofAlarm, false)).toEqual({ invocations: [], topicMessages: [], leftOut: [] });
});

test('the direct action can leave out which contributor it is about', () => {
  expect(JSON.stringify(actionsOf(fleet, ofContributor, true))).not.toContain('"alarmContributor"');
  expect(JSON.stringify(eventOf(fleet, ofContributor, undefined))).toContain('"alarmContributor"');
});

test("a muted alarm's EventBridge event says who muted it", () => {
  const mute = {
    mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:night',
    muteWindowStart: '2026-11-23T10:00:00.000+0000',
    muteWindowEnd: '2026-11-23T11:00:00.000+0000',
  };
  expect(eventOf(fleet, ofContributor, mute)).toMatchObject({ event: { detail: { muteDetail: mute } } });
});

test('an alarm whose actions are off has none', () => {
  const off = { ...one, actionsEnabled: false };
  expect(actionsOf(off, ofAlarm, false)).toEqual({ invocations: [], topicMessages: [], leftOut: [] });
});

test('a topic gets the message that CloudWatch publishes', () => {
  const { topicMessages } = actionsOf(fleet, ofContributor, false);
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
  const actions = actionsOf(one, { before: after, after: before }, false);
  expect(actions).toEqual({ invocations: [], topicMessages: [], leftOut: ['arn:aws:automate:us-east-1:ec2:reboot'] });
});
