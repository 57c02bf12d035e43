import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  ListAlarmMuteRulesCommand,
} from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient, ListDurableExecutionsByFunctionCommand } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { Incident } from '../../../lambdas/core/incident.ts';
import { sweep } from '../../../lambdas/sweep/sweep.ts';
import { describeInstance } from '../aws/sick-instance.ts';
import { watchWell } from './watched.ts';
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
/** What was written into the audit table. */
const recorded = () =>
  dynamo
    .commandCalls(PutCommand)
    .filter(({ args }) => args[0].input.TableName === 'audit')
    .map(({ args }) => args[0].input.Item);
const NOTHING = {
  moved: [],
  opened: [],
  maintained: [],
  warned: [],
  silent: [],
  overdue: [],
  leftovers: { versions: [], documents: [] },
  problems: [],
};
let log: jest.SpyInstance;
let stdout: jest.SpyInstance;

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  process.env['REMEDIATE_INCIDENT_FUNCTION'] = 'arn:remediate';
  for (const mock of [cloudWatch, dynamo, lambda]) mock.reset();
  describeInstance();
  cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [] });
  watchWell(cloudWatch, lambda);
  dynamo.on(QueryCommand).resolves({ Items: [] });
  dynamo.on(GetCommand).resolves({});
  dynamo.on(PutCommand).resolves({});
  dynamo.on(UpdateCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
  stdout = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
});
afterEach(() => {
  log.mockRestore();
  stdout.mockRestore();
});

test('a pass over a fleet that is well does nothing', async () => {
  await expect(pass()).resolves.toEqual(NOTHING);
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
  await expect(pass()).resolves.toEqual(NOTHING);
  expect(started()).toEqual([]);
});

test('S25: one incident that cannot be moved stops no other', async () => {
  due(incident, another);
  dynamo.on(UpdateCommand).rejectsOnce(failure('InternalServerError')).resolves({});
  await expect(pass()).resolves.toMatchObject({
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
    expect(recorded()).toEqual([]);
  });

  test('S22: as the third in a row hands the incident to a person, once', async () => {
    due({ ...incident, run: 3, working: true, deadRuns: 2 });
    await pass();
    expect(recorded()).toMatchObject([
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
    expect(recorded()).toEqual([]);
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

  test('and is muted is left alone', async () => {
    alarming(sick);
    const filter = { AlarmName: 'fleet-disk-full', Statuses: ['ACTIVE' as const] };
    cloudWatch.on(ListAlarmMuteRulesCommand, filter).resolves({ AlarmMuteRuleSummaries: [{ Status: 'ACTIVE' }] });
    expect(await pass()).toEqual(NOTHING);
  });

  test('of which nobody knows whether it is muted is left alone, and that is a problem of this pass', async () => {
    alarming(sick);
    cloudWatch.on(ListAlarmMuteRulesCommand).rejects(failure('InternalServiceFault'));
    expect(await pass()).toEqual({ ...NOTHING, problems: ['fleet-disk-full: it failed'] });
  });

  test('S25: one contributor that is not known stops no other', async () => {
    alarming({ InstanceId: '*', path: '/' }, sick);
    const { opened, problems } = await pass();
    expect(opened).toHaveLength(1);
    expect(problems).toEqual(['fleet-disk-full: InstanceId is "*", allowed is i- and 8 to 17 hexadecimal digits']);
  });
});

describe('what the system watches of itself', () => {
  test('a pass that came to its end says so to its alarm, in one whole line, and notes when', async () => {
    await pass();
    expect(stdout.mock.calls.map(([line]) => JSON.parse(String(line)))).toEqual([
      {
        _aws: {
          Timestamp: Date.parse('2026-11-23T10:00:00Z'),
          CloudWatchMetrics: [
            {
              Namespace: 'SelfHealing/System',
              Dimensions: [['Stack']],
              Metrics: [
                { Name: 'SweepsCompleted', Unit: 'Count' },
                { Name: 'SilentInstances', Unit: 'Count' },
                { Name: 'OverdueExecutions', Unit: 'Count' },
              ],
            },
          ],
        },
        Stack: 'fleet',
        SweepsCompleted: 1,
        SilentInstances: 0,
        OverdueExecutions: 0,
      },
    ]);
    expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
      TableName: 'state',
      Item: { pk: 'last-sweep', at: '2026-11-23T10:00:00.000Z' },
    });
  });

  test('S29: what could not be counted puts no number, and is a problem of this pass', async () => {
    cloudWatch.on(GetMetricDataCommand).rejects(failure('InternalServiceFault'));
    lambda.on(ListDurableExecutionsByFunctionCommand).rejects(failure('TooManyRequestsException'));
    const { silent, overdue, problems } = await pass();
    expect([silent, overdue]).toEqual([[], []]);
    expect(problems.toSorted()).toEqual(['overdue executions: it failed', 'silent instances: it failed']);
    const [[line = ''] = []] = stdout.mock.calls;
    expect(JSON.parse(String(line))).not.toHaveProperty('SilentInstances');
    expect(JSON.parse(String(line))).not.toHaveProperty('OverdueExecutions');
  });
});

describe('S29: an early alarm that is in ALARM', () => {
  beforeEach(() => {
    alarming({ InstanceId: 'i-0123456789abcdef0', path: '/' });
    cloudWatch.on(DescribeAlarmsCommand).callsFake(({ AlarmNames }) => ({
      MetricAlarms: (AlarmNames ?? []).includes('fleet-disk-full-early')
        ? [{ AlarmName: 'fleet-disk-full-early' }]
        : [],
    }));
  });

  test('is warned of, where its event was lost, and opens no incident', async () => {
    await expect(pass()).resolves.toEqual({ ...NOTHING, warned: ['disk-full on i-0123456789abcdef0 /'] });
    expect(recorded().map((item) => item?.['kind'])).toEqual(['warned']);
    expect(started()).toEqual([]);
  });

  test('and is muted is left alone', async () => {
    cloudWatch.on(ListAlarmMuteRulesCommand).resolves({ AlarmMuteRuleSummaries: [{ Status: 'ACTIVE' }] });
    await expect(pass()).resolves.toEqual(NOTHING);
  });
});
