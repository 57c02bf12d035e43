import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { selfAlarmNames } from '../../lambdas/core/self-alarm-names.ts';
import { SelfHealing } from '../../lib/self-healing.ts';
import { listOf, recordOf } from '../../sandbox/stack/properties.ts';
import { propertiesOf, resourcesOf, synthesized, textOf } from './synthesized.ts';

const template = synthesized();
const assertions = Template.fromJSON(template);
const [topicId] = resourcesOf(template, 'AWS::SNS::Topic')
  .map(([id]) => id)
  .filter((id) => id.startsWith('SelfAlarms'));
const selfAlarms = propertiesOf(template, 'AWS::CloudWatch::Alarm').filter(
  ({ AlarmActions }) => JSON.stringify(AlarmActions) === JSON.stringify([{ Ref: topicId }]),
);
const names = selfAlarms.map(({ AlarmName }) => String(AlarmName));
const FUNCTIONS = [
  'open-incident',
  'answer-request',
  'remediate-incident',
  'run-command',
  'maintain-fleet',
  'change-instance',
  'notify',
  'send-sns',
  'sweep-incidents',
];

test('every function has alarms on what it gave up, on failures and on throttles, durable ones on executions too', () => {
  const expected = FUNCTIONS.flatMap((name) =>
    ['dead-letters', 'failures', 'throttles'].map((kind) => `fleet-${name}-${kind}`),
  );
  expect(names.toSorted()).toEqual(
    [
      ...expected,
      'fleet-remediate-incident-failed-executions',
      'fleet-run-command-failed-executions',
      'fleet-maintain-fleet-failed-executions',
      'fleet-change-instance-failed-executions',
      'fleet-notify-backlog',
      'fleet-send-sns-backlog',
      'fleet-missing-sweeps',
      'fleet-silent-instances',
      'fleet-overdue-executions',
    ].toSorted(),
  );
});

test('the request check-health knows them by the same names', () => {
  expect(selfAlarmNames('fleet').toSorted()).toEqual(names.toSorted());
});

test('they go straight to a topic, when they begin and when they end: no function of the system is on the way', () => {
  for (const { AlarmActions, OKActions } of selfAlarms) {
    expect(AlarmActions).toEqual([{ Ref: topicId }]);
    expect(OKActions).toEqual([{ Ref: topicId }]);
  }
});

test('alarms may publish to that topic, which its policy would otherwise refuse', () => {
  const policies = propertiesOf(template, 'AWS::SNS::TopicPolicy').filter(
    ({ Topics }) => JSON.stringify(Topics) === JSON.stringify([{ Ref: topicId }]),
  );
  const statements = policies.flatMap(({ PolicyDocument }) => listOf(recordOf(PolicyDocument)['Statement']));
  expect(statements).toContainEqual({
    Sid: expect.any(String),
    Effect: 'Allow',
    Principal: { Service: 'cloudwatch.amazonaws.com' },
    Action: 'sns:Publish',
    Resource: { Ref: topicId },
    Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
  });
});

test('a dead letter is told after a minute', () => {
  const [queue] = resourcesOf(template, 'AWS::SQS::Queue')
    .map(([id]) => id)
    .filter((id) => id.startsWith('RunCommandDeadLetters'));
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-run-command-dead-letters',
    AlarmDescription:
      'fleet-run-command gave something up: it waits in its dead-letter queue; what to do: docs/operator-runbook.md, "fleet-run-command-dead-letters"',
    Namespace: 'AWS/SQS',
    MetricName: 'ApproximateNumberOfMessagesVisible',
    Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [queue, 'QueueName'] } }],
    Statistic: 'Maximum',
    Period: 60,
    Threshold: 1,
    EvaluationPeriods: 1,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    TreatMissingData: 'notBreaching',
  });
});

test('an execution that failed is told, where counting failed invocations would not show it', () => {
  const [alarm] = selfAlarms.filter(({ AlarmName }) => AlarmName === 'fleet-run-command-failed-executions');
  expect(alarm).toMatchObject({ Threshold: 1, EvaluationPeriods: 1, TreatMissingData: 'notBreaching' });
  expect(listOf(alarm?.['Metrics']).map((metric) => recordOf(metric)['Expression'])).toContain(
    'FILL(failed, 0) + FILL(timedOut, 0)',
  );
});

test('no sweep for 15 minutes is an alarm, no data included; but not while the stack is new', () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-missing-sweeps',
    Namespace: 'SelfHealing/System',
    MetricName: 'SweepsCompleted',
    Dimensions: [{ Name: 'Stack', Value: 'fleet' }],
    Statistic: 'Sum',
    Period: 900,
    Threshold: 1,
    ComparisonOperator: 'LessThanThreshold',
    TreatMissingData: 'breaching',
    WarmUpConfiguration: { WarmUpPeriodDurationInMinutes: 30 },
  });
});

test('S29: a count that the sweep could not make neither ends nor begins an alarm', () => {
  for (const AlarmName of ['fleet-silent-instances', 'fleet-overdue-executions']) {
    assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName,
      Threshold: 1,
      DatapointsToAlarm: 2,
      EvaluationPeriods: 2,
      TreatMissingData: 'ignore',
    });
  }
});

test('none of them can open an incident: the rule that brings alarm events names the others', () => {
  const rules = JSON.stringify(propertiesOf(template, 'AWS::Events::Rule'));
  for (const name of names) expect(rules).not.toContain(`"${name}"`);
});

test('a topic of your own takes the place of ours', () => {
  const stack = new Stack(new App(), 'Own', { env: { account: '123456789012', region: 'us-east-1' } });
  const topic = new Topic(stack, 'Pager');
  const healing = new SelfHealing(stack, 'Healing', { config: { stackName: 'own' }, topics: { selfAlarms: topic } });
  expect(healing.selfAlarmTopic).toBe(topic);
  const alarms = Object.values(Template.fromStack(stack).findResources('AWS::CloudWatch::Alarm'));
  const actions = alarms.map(({ Properties }) => recordOf(Properties)['AlarmActions']);
  expect(actions.filter((one) => textOf(listOf(one)[0]).startsWith('${Pager'))).toHaveLength(36);
});
