import { CloudWatchClient, DescribeAlarmsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeContinuousBackupsCommand, DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
  ListDurableExecutionsByFunctionCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { ListSubscriptionsByTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import {
  DescribeDocumentCommand,
  GetCommandInvocationCommand,
  ListCommandsCommand,
  ListDocumentsCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { selfAlarmNames } from '../../../lambdas/core/self-alarm-names.ts';
import { runSelfTests } from '../../../lambdas/requests/self-tests/index.ts';
import { policy } from '../core/samples.ts';
import { failure } from '../refused-condition.ts';

const cloudWatch = mockClient(CloudWatchClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const lambda = mockClient(LambdaClient);
const sns = mockClient(SNSClient);
const ssm = mockClient(SSMClient);

const execution = (Status: 'RUNNING' | 'SUCCEEDED' | 'FAILED') => ({
  DurableExecutionArn: 'arn',
  DurableExecutionName: 'a-run-1',
  FunctionArn: 'arn',
  Status,
  StartTimestamp: new Date('2026-11-23T09:00:00Z'),
});
const selfAlarms = selfAlarmNames('fleet').map((AlarmName) => ({ AlarmName, StateValue: 'OK' as const }));
const fleetAlarm = (AlarmName: string) => ({
  AlarmName,
  ActionsEnabled: true,
  AlarmActions: ['arn:aws:lambda:us-east-1:123456789012:function:fleet-open-incident:live'],
});
const fleetAlarmNames = ['fleet-disk-full', 'fleet-disk-full-early', 'fleet-cpu-saturated'];
const early = fleetAlarm('fleet-disk-full-early');
const fleetAlarms = ['fleet-disk-full', 'fleet-cpu-saturated'].map(fleetAlarm);
const alarms = (...changed: object[]) =>
  cloudWatch.on(DescribeAlarmsCommand, { AlarmNames: fleetAlarmNames }).resolves({ MetricAlarms: [early, ...changed] });

beforeEach(() => {
  for (const mock of [cloudWatch, dynamo, lambda, sns, ssm]) mock.reset();
  for (const topic of ['CRITICAL', 'WARNING', 'SELF_ALARM']) process.env[`${topic}_TOPIC_ARN`] = `arn:${topic}`;
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  lambda.on(GetAliasCommand).resolves({ FunctionVersion: '3' });
  lambda.on(GetFunctionConfigurationCommand).resolves({ State: 'Active', DurableConfig: { ExecutionTimeout: 60 } });
  lambda.on(ListDurableExecutionsByFunctionCommand).resolves({ DurableExecutions: [execution('SUCCEEDED')] });
  lambda.on(ListVersionsByFunctionCommand).resolves({ Versions: [{ Version: '3' }] });
  dynamo
    .on(DescribeTableCommand)
    .resolves({ Table: { DeletionProtectionEnabled: true, StreamSpecification: { StreamEnabled: true } } });
  dynamo.on(DescribeContinuousBackupsCommand).resolves({
    ContinuousBackupsDescription: {
      ContinuousBackupsStatus: 'ENABLED',
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: 'ENABLED' },
    },
  });
  dynamo.on(GetCommand).resolves({ Item: { pk: 'last-sweep', at: '2026-11-23T09:57:00.000Z' } });
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Label: 'i-1', Values: [41] }] });
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: selfAlarms });
  alarms(...fleetAlarms);
  ssm.on(DescribeDocumentCommand).resolves({ Document: { Status: 'Active' } });
  ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [] });
  ssm.on(ListCommandsCommand).resolves({ Commands: [{ CommandId: 'c-1', Status: 'Failed', InstanceIds: ['i-1'] }] });
  ssm.on(GetCommandInvocationCommand).resolves({ ResponseCode: 1 });
  sns
    .on(ListSubscriptionsByTopicCommand)
    .resolves({ Subscriptions: [{ SubscriptionArn: 'arn:s', Endpoint: 'a@b.c' }] });
});

/** What one self-test says now. */
async function finding(id: string): Promise<object | undefined> {
  const all = await runSelfTests(policy, Date.parse('2026-11-23T10:00:00Z'));
  const { id: _, ...rest } = all.find((one) => one.id === id) ?? { id: 'none' };
  return rest;
}

test('in an account where all is well, every self-test passes and says what it saw', async () => {
  await expect(runSelfTests(policy, Date.parse('2026-11-23T10:00:00Z'))).resolves.toEqual([
    { id: 'functions-live', result: 'passed', says: '9 functions are live' },
    { id: 'tables-kept', result: 'passed', says: 'both tables are protected and can be restored' },
    { id: 'metrics-arrive', result: 'passed', says: 'disk_used_percent of 1, cpu_usage_active of 1' },
    { id: 'alarms-wired', result: 'passed', says: '3 fleet alarms are wired' },
    { id: 'executions-end', result: 'passed', says: 'the newest that ended, a-run-1, is SUCCEEDED' },
    { id: 'documents-active', result: 'passed', says: '4 command documents are active' },
    { id: 'parameters-arrive', result: 'passed', says: 'the newest check, c-1 on i-1, ended with 1' },
    { id: 'sweep-runs', result: 'passed', says: 'the last one ended 180 s ago' },
    { id: 'people-subscribed', result: 'passed', says: 'every topic has a confirmed subscriber' },
    { id: 'self-alarms-quiet', result: 'passed', says: '36 alarms, none in ALARM' },
    { id: 'nothing-left-over', result: 'passed', says: 'nothing is left over' },
  ]);
});

test('a self-test that cannot be made has failed, and stops no other', async () => {
  lambda.on(GetAliasCommand).rejects(failure('AccessDeniedException'));
  const all = await runSelfTests(policy, Date.parse('2026-11-23T10:00:00Z'));
  expect(all.filter(({ result }) => result === 'failed')).toEqual([
    {
      id: 'functions-live',
      result: 'failed',
      says: 'it could not be made: AccessDeniedException: it failed',
      next: 'deploy the stack again',
    },
    {
      id: 'nothing-left-over',
      result: 'failed',
      says: 'it could not be made: AccessDeniedException: it failed',
      next: 'deploy the stack again',
    },
  ]);
});

test.each<[string, string, string, () => unknown]>([
  [
    'functions-live',
    'failed',
    'fleet-run-command is Failed, not Active',
    () =>
      lambda
        .on(GetFunctionConfigurationCommand, { FunctionName: 'fleet-run-command', Qualifier: 'live' })
        .resolves({ State: 'Failed' }),
  ],
  [
    'functions-live',
    'failed',
    'fleet-run-command is not durable',
    () =>
      lambda
        .on(GetFunctionConfigurationCommand, { FunctionName: 'fleet-run-command', Qualifier: 'live' })
        .resolves({ State: 'Active' }),
  ],
  [
    'tables-kept',
    'failed',
    'the audit table can be deleted; the audit table cannot be restored to a point in time; the audit table has no stream',
    () => {
      dynamo.on(DescribeTableCommand, { TableName: 'audit' }).resolves({ Table: {} });
      dynamo.on(DescribeContinuousBackupsCommand, { TableName: 'audit' }).resolves({});
    },
  ],
  [
    'metrics-arrive',
    'failed',
    'no instance puts disk_used_percent (InstanceId, fstype, path) or cpu_usage_active (InstanceId, cpu) into SelfHealing',
    () => cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [] }),
  ],
  [
    'metrics-arrive',
    'failed',
    'disk_used_percent, cpu_usage_active has more than 500 series: the alarm sees the worst only',
    () =>
      cloudWatch.on(GetMetricDataCommand).resolves({
        MetricDataResults: Array.from({ length: 500 }, (_, place) => ({ Label: `i-${place}`, Values: [1] })),
      }),
  ],
  ['alarms-wired', 'failed', 'there is no alarm fleet-cpu-saturated', () => alarms(fleetAlarm('fleet-disk-full'))],
  [
    'alarms-wired',
    'failed',
    'the actions of fleet-disk-full are switched off; fleet-cpu-saturated does not invoke :function:fleet-open-incident:live',
    () =>
      alarms(
        { ...fleetAlarm('fleet-disk-full'), ActionsEnabled: false },
        { ...fleetAlarm('fleet-cpu-saturated'), AlarmActions: ['arn:aws:lambda:us-east-1:1:function:other:live'] },
      ),
  ],
  [
    'alarms-wired',
    'failed',
    'fleet-disk-full says EVALUATION_ERROR',
    () =>
      alarms(
        { ...fleetAlarm('fleet-disk-full'), EvaluationState: 'EVALUATION_ERROR' },
        fleetAlarm('fleet-cpu-saturated'),
      ),
  ],
  [
    'executions-end',
    'unknown',
    'no execution of fleet-remediate-incident has ended yet',
    () => lambda.on(ListDurableExecutionsByFunctionCommand).resolves({ DurableExecutions: [execution('RUNNING')] }),
  ],
  [
    'executions-end',
    'failed',
    'the newest that ended, a-run-1, is FAILED',
    () =>
      lambda
        .on(ListDurableExecutionsByFunctionCommand)
        .resolves({ DurableExecutions: [execution('RUNNING'), execution('FAILED'), execution('SUCCEEDED')] }),
  ],
  [
    'documents-active',
    'failed',
    'fleet-check-document is Creating, not Active; fleet-check-document is Creating, not Active',
    () =>
      ssm.on(DescribeDocumentCommand, { Name: 'fleet-check-document' }).resolves({ Document: { Status: 'Creating' } }),
  ],
  [
    'parameters-arrive',
    'unknown',
    'no check has run on an instance yet',
    () => ssm.on(ListCommandsCommand).resolves({ Commands: [{ CommandId: 'c-2', Status: 'InProgress' }] }),
  ],
  [
    'parameters-arrive',
    'failed',
    'the newest check, c-1 on i-1, ended with 2: SSM_MountPath is missing',
    () =>
      ssm
        .on(GetCommandInvocationCommand)
        .resolves({ ResponseCode: 2, StandardErrorContent: 'x\nSSM_MountPath is missing\n' }),
  ],
  ['sweep-runs', 'unknown', 'no sweep has ended yet', () => dynamo.on(GetCommand).resolves({})],
  [
    'sweep-runs',
    'failed',
    'the last one ended 901 s ago',
    () => dynamo.on(GetCommand).resolves({ Item: { at: '2026-11-23T09:44:59.000Z' } }),
  ],
  [
    'people-subscribed',
    'failed',
    "oncall@example.com did not confirm yet for critical messages; nobody gets the system's own alarms",
    () => {
      sns.on(ListSubscriptionsByTopicCommand, { TopicArn: 'arn:CRITICAL' }).resolves({
        Subscriptions: [{ SubscriptionArn: 'PendingConfirmation', Endpoint: 'oncall@example.com' }],
      });
      sns.on(ListSubscriptionsByTopicCommand, { TopicArn: 'arn:SELF_ALARM' }).resolves({ Subscriptions: [] });
    },
  ],
  [
    'self-alarms-quiet',
    'failed',
    'fleet-missing-sweeps: no datapoints',
    () =>
      cloudWatch.on(DescribeAlarmsCommand, { AlarmNames: selfAlarmNames('fleet') }).resolves({
        MetricAlarms: selfAlarms.map((alarm) =>
          alarm.AlarmName === 'fleet-missing-sweeps'
            ? { ...alarm, StateValue: 'ALARM', StateReason: 'no datapoints' }
            : alarm,
        ),
      }),
  ],
  [
    'nothing-left-over',
    'passed',
    'free to be deleted: fleet-notify:2, fleet-disk-full-check-0123456789ab',
    () => {
      lambda
        .on(ListVersionsByFunctionCommand, { FunctionName: 'fleet-notify' })
        .resolves({ Versions: [{ Version: '2' }] });
      ssm.on(ListDocumentsCommand).resolves({ DocumentIdentifiers: [{ Name: 'fleet-disk-full-check-0123456789ab' }] });
    },
  ],
])('%s: %s, since %s', async (id, result, says, arrange) => {
  arrange();
  await expect(finding(id)).resolves.toMatchObject({ result, says });
});
