import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { openFromAlarm } from '../../../lambdas/intake/open-from-alarm.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { describeInstance, INSTANCE_ID } from '../aws/sick-instance.ts';
import { policy, remedyPolicy } from '../core/samples.ts';
import { failure } from '../refused-condition.ts';

const cloudWatch = mockClient(CloudWatchClient);
const dynamo = mockClient(DynamoDBDocumentClient);
const lambda = mockClient(LambdaClient);
let log: jest.SpyInstance;

const warn = (stateChangedAt = '2026-11-23T09:58:15.490Z', under = policy) =>
  openFromAlarm(
    {
      kind: 'alarm',
      alarmName: 'fleet-disk-full-early',
      accountId: '123456789012',
      stateChangedAt,
      dimensions: { InstanceId: INSTANCE_ID, path: '/data' },
    },
    under,
    Date.parse('2026-11-23T10:00:00Z'),
  );
const put = (table: string) =>
  dynamo
    .commandCalls(PutCommand)
    .filter(({ args }) => args[0].input.TableName === table)
    .map(({ args }) => args[0].input.Item);
const ignored = () =>
  log.mock.calls.map(([line]) => JSON.parse(String(line))).filter((one) => one.logType === 'event-ignored');

beforeEach(() => {
  process.env['STATE_TABLE'] = 'state';
  process.env['AUDIT_TABLE'] = 'audit';
  for (const mock of [cloudWatch, dynamo, lambda]) mock.reset();
  describeInstance();
  dynamo.on(GetCommand).resolves({});
  dynamo.on(PutCommand).resolves({});
  const at = new Date('2026-11-23T09:59:00Z');
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Values: [83.24], Timestamps: [at] }] });
  log = jest.spyOn(console, 'log').mockImplementation(() => {});
});
afterEach(() => log.mockRestore());

test('an early alarm is recorded as a warning; no incident opens and nothing is started', async () => {
  expect(await warn()).toEqual({ incidents: [], warnings: [] });
  expect(put('audit')).toEqual([
    {
      kind: 'warned',
      fingerprint: { target: { kind: 'instance', id: INSTANCE_ID }, part: '/data', symptom: 'disk-full' },
      detail:
        'disk_used_percent reached 80; at 90 % it counts as disk-full, and the remedy is to clean temporary files, rotated logs and caches',
      evidence: 'disk_used_percent was 83.2 at 2026-11-23T09:59:00.000Z',
      stack: 'fleet',
      subject: expect.stringMatching(/^early-[0-9a-f]{16}$/),
      order: '2026-11-23#warned',
      at: '2026-11-23T10:00:00.000Z',
    },
  ]);
  expect(put('state').map((item) => item?.['pk'])).toEqual([
    expect.stringMatching(/^once#early#early-.*#2026-11-23#warned$/),
  ]);
  expect(lambda).not.toHaveReceivedCommand(InvokeCommand);
});

test('S21: of one disk people are warned once a day, by one record, however often it crosses the threshold', async () => {
  await warn('2026-11-23T09:58:15.490Z');
  await warn('2026-11-23T17:00:00.000Z');
  await warn('2026-11-24T00:00:00.000Z');
  expect(put('audit').map((item) => item?.['order'])).toEqual([
    '2026-11-23#warned',
    '2026-11-23#warned',
    '2026-11-24#warned',
  ]);
  for (const { args } of dynamo.commandCalls(PutCommand)) {
    expect(args[0].input.ConditionExpression).toMatch(/^attribute_not_exists/);
  }
  dynamo.on(GetCommand).resolves({ Item: { pk: 'once#early#…' } });
  dynamo.resetHistory();
  await warn('2026-11-23T17:00:00.000Z');
  expect(put('audit')).toEqual([]);
});

test('a mark that cannot be set loses no warning: the record is there before', async () => {
  dynamo.on(PutCommand, { TableName: 'state' }).rejects(failure('InternalServerError'));
  await expect(warn()).rejects.toThrow('it failed');
  expect(put('audit')).toHaveLength(1);
});

test('where the remedy only observes, it says that nothing will be done', async () => {
  await warn(undefined, { ...policy, remedies: { 'disk-full': { ...remedyPolicy, mode: 'observe' } } });
  expect(put('audit')[0]?.['detail']).toBe(
    'disk_used_percent reached 80; at 90 % it counts as disk-full, and nothing will be done: the mode of disk-full is "observe"',
  );
});

test('a datapoint that cannot be read does not keep people from being warned', async () => {
  cloudWatch.on(GetMetricDataCommand).rejects(failure('InternalServiceFault'));
  await warn();
  expect(put('audit')[0]?.['evidence']).toMatch(/^the newest datapoint could not be read: /);
});

const incident = (state: string, dueAt: string) => ({
  Item: {
    incidentId: 'df3f1abf8b613253-89abcdef',
    state,
    run: 1,
    target: { kind: 'instance', id: INSTANCE_ID },
    part: '/data',
    symptom: 'disk-full',
    openedAt: dueAt,
    openedBy: 'fleet-disk-full',
    stateChangedAt: dueAt,
    attempts: [],
    dueAt,
  },
});
const incidentIs = (state: string, dueAt: string) =>
  dynamo.on(GetCommand).callsFake(({ Key }) => (String(Key.pk).startsWith('incident#') ? incident(state, dueAt) : {}));

test.each<[string, () => unknown]>([
  ['an incident is open about it', () => incidentIs('open', '2026-11-23T10:05:00.000Z')],
  ['one closed within the last ten minutes', () => incidentIs('closed', '2026-11-23T09:51:00.000Z')],
  ['S26: the instance is opted out', () => describeInstance({ Tags: [{ Key: 'self-healing:opt-out', Value: '' }] })],
  ['the instance is of another stack', () => describeInstance({ Tags: [{ Key: 'self-healing:stack', Value: 'b' }] })],
])('nobody is warned where %s', async (_, given) => {
  given();
  await warn();
  expect(put('audit')).toEqual([]);
  expect(ignored()).toHaveLength(1);
});

test('one closed longer ago is no reason not to warn', async () => {
  incidentIs('closed', '2026-11-23T09:49:00.000Z');
  await warn();
  expect(put('audit')).toHaveLength(1);
});

test('S23: a slice that does not warn has no early alarm: the event is foreign', async () => {
  const slices = [diskFull].map(({ detection: { early: _early, ...detection }, ...slice }) => ({
    ...slice,
    detection,
  }));
  const { warnings } = await warn(undefined, { ...policy, slices });
  expect(warnings).toEqual([expect.stringContaining('alarm "fleet-disk-full-early" is not of this stack')]);
});
