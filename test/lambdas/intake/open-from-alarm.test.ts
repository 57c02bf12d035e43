import { CloudWatchClient, DescribeAlarmContributorsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { parseAlarmEvent } from '../../../lambdas/core/alarm-event.ts';
import { openFromAlarm } from '../../../lambdas/intake/open-from-alarm.ts';
import { describeInstance, ec2 } from '../aws/sick-instance.ts';
import { policy } from '../core/samples.ts';
import { impairedPolicy } from '../core/whole-samples.ts';
import { readEvent } from '../read-event.ts';
import { failure, refusedCondition } from '../refused-condition.ts';

const cloudWatch = mockClient(CloudWatchClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const lambda = mockClient(LambdaClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');
let log: jest.SpyInstance;

const take = (name: string) => openFromAlarm(parseAlarmEvent(readEvent(name)), policy, NOW);
const linesOfLog = () => log.mock.calls.map(([line]) => JSON.parse(String(line)));

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  process.env['REMEDIATE_INCIDENT_FUNCTION'] = 'arn:remediate';
  for (const mock of [cloudWatch, dynamo, lambda]) mock.reset();
  describeInstance();
  dynamo.on(PutCommand).resolves({});
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

test.each(['direct-contributor', 'direct-contributor-as-in-sns', 'eventbridge-contributor', 'eventbridge-alarm'])(
  'the sample %s opens one incident and starts it',
  async (name) => {
    const { incidents, warnings } = await take(name);
    expect(warnings).toEqual([]);
    expect(incidents).toEqual([{ incidentId: expect.stringMatching(/^[0-9a-f]{16}-[0-9a-f]{8}$/), became: 'opened' }]);
    expect(lambda).toHaveReceivedCommandTimes(InvokeCommand, 1);
  },
);

describe('an event that does not say which contributor it is about', () => {
  beforeEach(() => {
    cloudWatch.on(DescribeAlarmContributorsCommand).resolves({
      AlarmContributors: ['i-0123456789abcdef0', 'i-0123456789abcdef1'].map((InstanceId) => ({
        ContributorId: InstanceId,
        ContributorAttributes: { InstanceId, path: '/' },
        StateReason: 'full',
      })),
    });
  });

  test('opens an incident for each that is in ALARM', async () => {
    const { incidents } = await take('direct-contributor-not-named');
    expect(incidents.map(({ became }) => became)).toEqual(['opened', 'opened']);
    expect(cloudWatch).toHaveReceivedCommandWith(DescribeAlarmContributorsCommand, { AlarmName: 'fleet-disk-full' });
    expect(dynamo).toHaveReceivedCommandWith(PutCommand, {
      Item: { pk: 'once#contributors#fleet-disk-full#29923800', forgetAtEpochSeconds: 1_795_431_600 },
    });
  });

  test('asks once per alarm and minute', async () => {
    dynamo.on(PutCommand).rejects(refusedCondition());
    await expect(take('direct-contributor-not-named')).resolves.toEqual({ incidents: [], warnings: [] });
    expect(cloudWatch).not.toHaveReceivedAnyCommand();
  });
});

describe('an alarm about what systemd restarted by itself', () => {
  const restarted = (alarmName: string, dimensions: Record<string, string>) =>
    openFromAlarm(
      { kind: 'alarm', alarmName, accountId: '1', stateChangedAt: '2026-11-23T09:59:00.000Z', dimensions },
      policy,
      NOW,
    );
  const dimensions = { InstanceId: 'i-0123456789abcdef0', service: 'orders.service' };

  test.each([
    ['fleet-restarted-on-host', false],
    ['fleet-restarted-again', true],
  ])('%s is a record, written once, and no incident: it is over', async (alarmName, again) => {
    expect(await restarted(alarmName, dimensions)).toEqual({ incidents: [], warnings: [] });
    const alarm = alarmName.replace('fleet-', '');
    expect(dynamo.commandCalls(PutCommand).map(({ args }) => args[0].input)).toEqual([
      {
        TableName: 'audit',
        Item: {
          stack: 'fleet',
          subject: 'on-host#i-0123456789abcdef0#orders.service',
          order: `2026-11-23T09:59:00.000Z#${alarm}`,
          at: '2026-11-23T10:00:00.000Z',
          kind: 'on-host',
          fingerprint: {
            target: { kind: 'instance', id: 'i-0123456789abcdef0' },
            part: 'orders.service',
            symptom: 'restarted-on-host',
          },
          again,
          openedBy: alarmName,
          stateChangedAt: '2026-11-23T09:59:00.000Z',
        },
        ConditionExpression: 'attribute_not_exists(subject)',
      },
    ]);
    expect(lambda).not.toHaveReceivedAnyCommand();
  });

  test('S21: told a second time, by the other way, it stays one record', async () => {
    dynamo.on(PutCommand).rejects(refusedCondition());
    expect(await restarted('fleet-restarted-on-host', dimensions)).toEqual({ incidents: [], warnings: [] });
  });

  test('S23: one that names no service is one warning, consumed', async () => {
    const { warnings } = await restarted('fleet-restarted-on-host', { InstanceId: 'i-0123456789abcdef0' });
    expect(warnings).toEqual(['fleet-restarted-on-host: service of i-0123456789abcdef0 is null, allowed is a unit']);
    expect(dynamo).not.toHaveReceivedAnyCommand();
  });
});

const KNOWN = 'allowed are fleet-disk-full, fleet-cpu-saturated, fleet-restarted-on-host, fleet-restarted-again';
const contributor = (InstanceId: string) =>
  ({
    kind: 'alarm',
    alarmName: 'fleet-disk-full',
    accountId: '123456789012',
    stateChangedAt: '2026-11-23T09:58:15.490Z',
    dimensions: { InstanceId, path: '/' },
  }) as const;

describe('a metric that AWS puts of every instance of the account', () => {
  const impaired = { ...contributor('i-0123456789abcdef0'), alarmName: 'fleet-instance-impaired' };

  test('opens an incident where the instance is opted in to this stack', async () => {
    const { incidents } = await openFromAlarm(impaired, impairedPolicy, NOW);
    expect(incidents.map(({ became }) => became)).toEqual(['opened']);
  });

  test.each([
    ['none', []],
    ["another stack's", [{ Key: 'self-healing:stack', Value: 'other' }]],
  ])("is nobody's affair where the opt-in tag is %s: no incident, no warning", async (_, Tags) => {
    describeInstance({ Tags });
    await expect(openFromAlarm(impaired, impairedPolicy, NOW)).resolves.toEqual({ incidents: [], warnings: [] });
    expect(dynamo).not.toHaveReceivedAnyCommand();
    expect(linesOfLog()).toEqual([
      { level: 'INFO', logType: 'event-ignored', why: 'i-0123456789abcdef0 is not opted in to fleet' },
    ]);
  });

  test('S26: fails, to be tried again, where the tags cannot be read', async () => {
    ec2.on(DescribeInstancesCommand).rejects(failure('RequestLimitExceeded'));
    await expect(openFromAlarm(impaired, impairedPolicy, NOW)).rejects.toMatchObject({ name: 'RequestLimitExceeded' });
  });
});

describe('S23: what is not known is one warning, consumed, and nothing is done', () => {
  test.each([
    [
      'a foreign alarm',
      readEvent('direct-composite-alarm'),
      `alarm "CompositeDemo.Main" is not of this stack; ${KNOWN}`,
    ],
    ['a foreign event', readEvent('foreign-instance-state-change'), expect.stringContaining('"aws.ec2"')],
    ['garbage', readEvent('garbage'), expect.stringContaining('keys "source, alarmArn, alarmData"')],
    ['nothing', undefined, expect.stringContaining('got undefined')],
    ['a megabyte', 'x'.repeat(1_000_000), expect.stringContaining('(1000002 characters)')],
  ])('S23: %s', async (_, input, problem) => {
    const intake = await openFromAlarm(parseAlarmEvent(input), policy, NOW);
    expect(intake).toEqual({ incidents: [], warnings: [problem] });
    expect(linesOfLog()).toEqual([{ level: 'WARN', logType: 'event-refused', problem }]);
    for (const mock of [dynamo, lambda, cloudWatch, ec2]) expect(mock).not.toHaveReceivedAnyCommand();
  });

  test('S23: an instance that EC2 does not know', async () => {
    ec2.on(DescribeInstancesCommand).rejects(failure('InvalidInstanceID.NotFound'));
    const problem = 'fleet-disk-full: EC2 does not know the instance i-0123456789abcdef0';
    const intake = await openFromAlarm(contributor('i-0123456789abcdef0'), policy, NOW);
    expect(intake).toEqual({ incidents: [], warnings: [problem] });
    expect(linesOfLog()).toEqual([{ level: 'WARN', logType: 'event-refused', problem }]);
    expect(dynamo).not.toHaveReceivedAnyCommand();
  });

  test.each(['', '*', 'i-*'])('S1: the instance "%s"', async (id) => {
    const problem = `fleet-disk-full: InstanceId is "${id}", allowed is i- and 8 to 17 hexadecimal digits`;
    await expect(openFromAlarm(contributor(id), policy, NOW)).resolves.toEqual({ incidents: [], warnings: [problem] });
    for (const mock of [dynamo, lambda, cloudWatch, ec2]) expect(mock).not.toHaveReceivedAnyCommand();
  });
});

test.each(['direct-ok', 'eventbridge-contributor-ok', 'eventbridge-contributor-muted'])(
  'the sample %s is nothing to do, and no warning',
  async (name) => {
    await expect(take(name)).resolves.toEqual({ incidents: [], warnings: [] });
    expect(linesOfLog()).toMatchObject([{ level: 'INFO', logType: 'event-ignored' }]);
    for (const mock of [dynamo, lambda, ec2]) expect(mock).not.toHaveReceivedAnyCommand();
  },
);

test('S25: one contributor that is not known stops no other', async () => {
  const seen: Record<string, string>[] = [{ path: '/' }, { InstanceId: 'i-0123456789abcdef0', path: '/' }];
  cloudWatch.on(DescribeAlarmContributorsCommand).resolves({
    AlarmContributors: seen.map((ContributorAttributes) => ({
      ContributorId: 'c',
      ContributorAttributes,
      StateReason: 'full',
    })),
  });
  const { incidents, warnings } = await take('direct-contributor-not-named');
  expect(warnings).toEqual(['fleet-disk-full: InstanceId is null, allowed is i- and 8 to 17 hexadecimal digits']);
  expect(incidents).toHaveLength(1);
});

test('an event whose incident could not be written fails, and comes again', async () => {
  dynamo.on(PutCommand).rejects(failure('InternalServerError'));
  dynamo.on(UpdateCommand).rejects(failure('InternalServerError'));
  await expect(take('direct-contributor')).rejects.toThrow('it failed');
  expect(lambda).not.toHaveReceivedAnyCommand();
});

test.each([
  ['its record', () => dynamo.on(PutCommand, { TableName: 'audit' }).rejects(failure('InternalServerError'))],
  ['its execution', () => lambda.on(InvokeCommand).rejects(failure('InternalServerError'))],
])('an event whose incident lacks %s fails, and comes again', async (_what, fail) => {
  fail();
  await expect(take('direct-contributor')).rejects.toThrow('it failed');
});
