import { defineAlarm } from '../../../../sandbox/cloudwatch/definition.ts';
import { snsMessage } from '../../../../sandbox/cloudwatch/sns-message.ts';

// "Schema of Amazon SNS notifications when alarms change state", last section of
// https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html

const settings = {
  AlarmName: 'dead-letters',
  AlarmArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:dead-letters',
  AlarmDescription: 'events that nobody took',
  EvaluationPeriods: 1,
  Threshold: 0,
  ComparisonOperator: 'GreaterThanThreshold',
  TreatMissingData: 'breaching',
  AlarmActions: ['arn:aws:sns:us-east-1:123456789012:people'],
};
const onQueue = {
  Namespace: 'AWS/SQS',
  MetricName: 'ApproximateNumberOfMessagesVisible',
  Dimensions: [{ Name: 'QueueName', Value: 'dead' }],
  Statistic: 'Maximum',
  Period: 60,
};
const change = {
  before: { value: 'OK', reason: 'none', sinceMillis: 0 },
  after: { value: 'ALARM', reason: 'one message', sinceMillis: Date.parse('2026-11-23T10:01:10Z') },
} as const;
const configuredAtMillis = Date.parse('2026-11-23T09:00:00Z');

test('"Schema when a metric alarm changes state": every field of it, in its order, and no other', () => {
  const alarm = { ...defineAlarm({ ...settings, ...onQueue }), configuredAtMillis };
  const { subject, message } = snsMessage(alarm, change);
  expect(subject).toBe('ALARM: "dead-letters" in us-east-1');
  expect(JSON.stringify(JSON.parse(message), undefined, 2)).toBe(`{
  "AlarmName": "dead-letters",
  "AlarmDescription": "events that nobody took",
  "AWSAccountId": "123456789012",
  "AlarmConfigurationUpdatedTimestamp": "2026-11-23T09:00:00.000+0000",
  "NewStateValue": "ALARM",
  "NewStateReason": "one message",
  "StateChangeTime": "2026-11-23T10:01:10.000+0000",
  "Region": "us-east-1",
  "AlarmArn": "arn:aws:cloudwatch:us-east-1:123456789012:alarm:dead-letters",
  "OldStateValue": "OK",
  "OKActions": [],
  "AlarmActions": [
    "arn:aws:sns:us-east-1:123456789012:people"
  ],
  "InsufficientDataActions": [],
  "Trigger": {
    "MetricName": "ApproximateNumberOfMessagesVisible",
    "Namespace": "AWS/SQS",
    "StatisticType": "Statistic",
    "Statistic": "MAXIMUM",
    "Unit": null,
    "Dimensions": [
      {
        "value": "dead",
        "name": "QueueName"
      }
    ],
    "Period": 60,
    "EvaluationPeriods": 1,
    "DatapointsToAlarm": 1,
    "ComparisonOperator": "GreaterThanThreshold",
    "Threshold": 0,
    "TreatMissingData": "breaching",
    "EvaluateLowSampleCountPercentile": null
  }
}`);
});

test('an alarm on several metrics lists them instead of one', () => {
  const item = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: { Metric: { Namespace: 'AWS/Lambda', MetricName, Dimensions: [] }, Period: 60, Stat: 'Sum' },
  });
  const Metrics = [{ Id: 'e', Expression: 'm1 + m2', ReturnData: true }, item('m1', 'Errors'), item('m2', 'Throttles')];
  const { Trigger } = JSON.parse(snsMessage(defineAlarm({ ...settings, Metrics }), change).message);
  expect(Trigger).not.toHaveProperty('MetricName');
  expect(Trigger.Metrics.map(({ id }: { id: string }) => id)).toEqual(['e', 'm1', 'm2']);
});
