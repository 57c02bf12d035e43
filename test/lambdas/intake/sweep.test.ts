import { CloudWatchClient, DescribeAlarmContributorsCommand, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { Incident } from '../../../lambdas/core/incident.ts';
import { sweep } from '../../../lambdas/intake/sweep.ts';
import { describeInstance } from '../aws/sick-instance.ts';
import { fingerprint, policy } from '../core/samples.ts';
import { failure, refusedCondition } from '../refused-condition.ts';

const cloudWatch = mockClient(CloudWatchClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const lambda = mockClient(LambdaClient);
const incident: Incident = {
  ...fingerprint,
  incidentId: 'df3f1abf8b613253-89abcdef',
  state: 'open',
  run: 1,
  openedAt: '2026-11-23T09:00:00.000Z',
  openedBy: 'fleet-disk-full',
  stateChangedAt: '2026-11-23T08:58:15.490Z',
  attempts: [],
  dueAt: '2026-11-23T09:55:00.000Z',
};
const another = { ...incident, incidentId: '0000000000000000-00000000' };

const pass = () => sweep(policy, Date.parse('2026-11-23T10:00:00Z'));
const due = (...incidents: Incident[]) =>
  dynamo.on(QueryCommand).resolves({ Items: incidents.map((one) => ({ ...one })) });
const alarming = (...seen: Record<string, string>[]) => {
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'fleet-disk-full' }] });
  cloudWatch.on(DescribeAlarmContributorsCommand).resolves({
    AlarmContributors: seen.map((ContributorAttributes) => ({
      ContributorId: 'c',
      ContributorAttributes,
      StateReason: 'full',
    })),
  });
};
const started = () => lambda.commandCalls(InvokeCommand).map(({ args }) => args[0].input.DurableExecutionName);
/** What the next run was raised with. */
const raised = () =>
  Object.values(dynamo.commandCalls(UpdateCommand)[0]?.args[0].input.ExpressionAttributeValues ?? {});
let log: jest.SpyInstance;

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  process.env['REMEDIATE_INCIDENT_FUNCTION'] = 'arn:remediate';
  for (const mock of [cloudWatch, dynamo, lambda]) mock.reset();
  describeInstance();
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo.on(GetCommand).resolves({});
  dynamo.on(PutCommand).resolves({});
  dynamo.on(UpdateCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

test('a pass over a fleet that is well does nothing', async () => {
  await expect(pass()).resolves.toEqual({ moved: [], opened: [], problems: [] });
  expect(started()).toEqual([]);
});

test('S29: an incident that is due gets its next run', async () => {
  due(incident);
  await expect(pass()).resolves.toMatchObject({ moved: ['df3f1abf8b613253-89abcdef'] });
  expect(started()).toEqual(['df3f1abf8b613253-89abcdef-run-2']);
});

test('S21: where another pass raised the run, that one started it', async () => {
  due(incident);
  dynamo.on(UpdateCommand).rejects(refusedCondition());
  await expect(pass()).resolves.toEqual({ moved: [], opened: [], problems: [] });
  expect(started()).toEqual([]);
});

test('S25: one incident that cannot be moved stops no other', async () => {
  due(incident, another);
  dynamo.on(UpdateCommand).rejectsOnce(failure('InternalServerError')).resolves({});
  await expect(pass()).resolves.toEqual({
    moved: ['0000000000000000-00000000'],
    opened: [],
    problems: ['df3f1abf8b613253-89abcdef: it failed'],
  });
});

describe('an execution that died', () => {
  test('S22: is counted, and the next one started', async () => {
    due({ ...incident, working: true, deadRuns: 1 });
    await pass();
    expect(raised()).toContain(2);
    expect(dynamo).not.toHaveReceivedCommand(PutCommand);
  });

  test('S22: as the third in a row hands the incident to a person, once', async () => {
    due({ ...incident, run: 3, working: true, deadRuns: 2 });
    await pass();
    expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input.Item)).toMatchObject([
      {
        kind: 'escalated',
        reason: 'stuck',
        detail: '3 executions died while they worked on it; look into the log of remediate-incident',
        order: '000003#9999#escalated',
      },
    ]);
    expect(raised()).toEqual(expect.arrayContaining(['escalated', 'stuck', 3]));
    expect(started()).toEqual(['df3f1abf8b613253-89abcdef-run-4']);
  });

  test('S22: is not told again of what a person was told already', async () => {
    due({ ...incident, state: 'escalated', working: true, deadRuns: 3 });
    await expect(pass()).resolves.toMatchObject({ moved: ['df3f1abf8b613253-89abcdef'] });
    expect(dynamo).not.toHaveReceivedCommand(PutCommand);
  });

  test('is none where the run had left the incident to the sweep', async () => {
    due({ ...incident, working: false, deadRuns: 2 });
    await pass();
    expect(raised()).toContain(0);
  });
});

describe('S29: an alarm that is in ALARM', () => {
  const sick = { InstanceId: 'i-0123456789abcdef0', path: '/' };

  test('without an incident gets one', async () => {
    alarming(sick);
    const { opened } = await pass();
    expect(opened).toEqual([expect.stringMatching(/^df3f1abf8b613253-[0-9a-f]{8}$/)]);
    expect(started()).toEqual([`${opened[0]}-run-1`]);
  });

  test.each([
    ['open', { state: 'open' }, 0],
    ['handed to a person', { state: 'escalated' }, 0],
    ['closed within the last 10 minutes: the alarm lags', { state: 'closed', dueAt: '2026-11-23T09:50:01.000Z' }, 0],
    ['closed longer ago', { state: 'closed', dueAt: '2026-11-23T09:50:00.000Z' }, 1],
  ])('with an incident that is %s', async (_, changed, opened) => {
    alarming(sick);
    dynamo.on(GetCommand).resolves({ Item: { ...incident, ...changed } });
    expect((await pass()).opened).toHaveLength(opened);
  });

  test('S25: one contributor that is not known stops no other', async () => {
    alarming({ InstanceId: '*', path: '/' }, sick);
    const { opened, problems } = await pass();
    expect(opened).toHaveLength(1);
    expect(problems).toEqual(['fleet-disk-full: InstanceId is "*", allowed is i- and 8 to 17 hexadecimal digits']);
  });
});
