import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { functionCode } from '../../lib/function-code.ts';
import { policy } from '../lambdas/core/samples.ts';
import { propertiesOf, resourcesOf, synthesized, textOf } from './synthesized.ts';

const template = synthesized();
const changed = synthesized({
  stackName: 'fleet',
  mode: 'act',
  notifications: { criticalEmails: ['oncall@example.com'], warningEmails: ['team@example.com'] },
  warmUpSeconds: 601,
});
const assertions = Template.fromJSON(template);

test('an execution in flight keeps its version: versions stay when they are replaced, and go when they failed', () => {
  assertions.resourceCountIs('AWS::Lambda::Version', 9);
  const policies = { DeletionPolicy: 'RetainExceptOnCreate', UpdateReplacePolicy: 'Retain' };
  assertions.allResources('AWS::Lambda::Version', policies);
});

test('every function has a live alias, which is what is started', () => {
  assertions.resourceCountIs('AWS::Lambda::Alias', 9);
  assertions.allResourcesProperties('AWS::Lambda::Alias', { Name: 'live' });
});

test('every function has a dead-letter queue and a log of its own', () => {
  const functions = propertiesOf(template, 'AWS::Lambda::Function');
  const places = functions.map(({ DeadLetterConfig, LoggingConfig }) =>
    JSON.stringify([DeadLetterConfig, LoggingConfig]),
  );
  expect(new Set(places).size).toBe(9);
  const groups = propertiesOf(template, 'AWS::Logs::LogGroup').map(({ LogGroupName }) => String(LogGroupName));
  expect(groups.toSorted()).toEqual(
    functions.map(({ FunctionName }) => `/aws/lambda/${textOf(FunctionName)}`).toSorted(),
  );
  assertions.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
});

test('only those that wait are durable, and their history outlives every wait', () => {
  const durable = propertiesOf(template, 'AWS::Lambda::Function')
    .filter((one) => 'DurableConfig' in one)
    .map(({ FunctionName, DurableConfig }) => [FunctionName, DurableConfig]);
  expect(Object.fromEntries(durable)).toEqual({
    'fleet-run-command': { ExecutionTimeout: 21_600, RetentionPeriodInDays: 30 },
    'fleet-change-instance': { ExecutionTimeout: 21_600, RetentionPeriodInDays: 30 },
    'fleet-remediate-incident': { ExecutionTimeout: 2_592_000, RetentionPeriodInDays: 30 },
    'fleet-maintain-fleet': { ExecutionTimeout: 43_200, RetentionPeriodInDays: 30 },
  });
});

test('all run on Node.js 24 on arm64', () => {
  assertions.allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs24.x', Architectures: ['arm64'] });
});

test('each function knows by name only what it needs', () => {
  const variables = propertiesOf(template, 'AWS::Lambda::Function').map(({ FunctionName, Environment }) => {
    const known: unknown = JSON.parse(JSON.stringify(Environment ?? {})).Variables;
    return [FunctionName, Object.keys(Object(known)).filter((name) => name !== 'NODE_OPTIONS')];
  });
  expect(Object.fromEntries(variables)).toEqual({
    'fleet-run-command': ['STATE_TABLE'],
    'fleet-change-instance': ['STATE_TABLE'],
    'fleet-remediate-incident': ['AUDIT_TABLE', 'CHANGE_INSTANCE_FUNCTION', 'RUN_COMMAND_FUNCTION', 'STATE_TABLE'],
    'fleet-maintain-fleet': ['AUDIT_TABLE', 'RUN_COMMAND_FUNCTION', 'STATE_TABLE'],
    'fleet-open-incident': ['AUDIT_TABLE', 'REMEDIATE_INCIDENT_FUNCTION', 'STATE_TABLE'],
    'fleet-answer-request': [
      'AUDIT_TABLE',
      'CRITICAL_TOPIC_ARN',
      'MAINTAIN_FLEET_FUNCTION',
      'REMEDIATE_INCIDENT_FUNCTION',
      'SELF_ALARM_TOPIC_ARN',
      'STATE_TABLE',
      'WARNING_TOPIC_ARN',
    ],
    'fleet-send-sns': ['CRITICAL_TOPIC_ARN', 'STATE_TABLE', 'WARNING_TOPIC_ARN'],
    'fleet-notify': ['SNS_QUEUE_URL'],
    'fleet-sweep-incidents': ['AUDIT_TABLE', 'MAINTAIN_FLEET_FUNCTION', 'REMEDIATE_INCIDENT_FUNCTION', 'STATE_TABLE'],
  });
});

test("a changed setting is a new version, and with it a new execution's policy", () => {
  const versionsOf = (of: typeof template) => resourcesOf(of, 'AWS::Lambda::Version').map(([id]) => id);
  for (const id of versionsOf(changed)) expect(versionsOf(template)).not.toContain(id);
});

test('messages come one queue per channel, and what cannot be told waits in a dead-letter queue', () => {
  assertions.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
    BatchSize: 10,
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    StartingPosition: 'TRIM_HORIZON',
    MaximumRetryAttempts: 10,
  });
  const redriven = propertiesOf(template, 'AWS::SQS::Queue').filter((queue) => 'RedrivePolicy' in queue);
  expect(redriven).toMatchObject([{ VisibilityTimeout: 360, RedrivePolicy: { maxReceiveCount: 5 } }]);
});

test('addresses of the configuration are asked to confirm, each to its severity', () => {
  const subscriptions = propertiesOf(changed, 'AWS::SNS::Subscription').map(({ Endpoint, Protocol, TopicArn }) => [
    Endpoint,
    Protocol,
    textOf(TopicArn).replace(/[0-9A-F]{8}\}$/, '}'),
  ]);
  expect(subscriptions).toEqual([
    ['oncall@example.com', 'email', '${SnsChannelCritical}'],
    ['team@example.com', 'email', '${SnsChannelWarning}'],
    ['oncall@example.com', 'email', '${SelfAlarmsTopic}'],
  ]);
});

test('people find what they need in the outputs', () => {
  expect(Object.keys(template.Outputs ?? {}).toSorted()).toEqual([
    'AnswerRequestFunction',
    'AuditTableName',
    'CriticalTopicArn',
    'OpenIncidentFunction',
    'SelfAlarmTopicArn',
    'StateTableName',
    'WarningTopicArn',
  ]);
});

test('without bundles synth fails and says what to run', () => {
  expect(() => functionCode(new App(), 'openIncident', policy, '/nowhere')).toThrow(
    'no bundle at /nowhere/open-incident: run "npm run build" first',
  );
});
