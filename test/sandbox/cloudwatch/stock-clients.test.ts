import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { type CloudWatch, createCloudWatch } from '../../../sandbox/cloudwatch/cloudwatch.ts';
import type { TransitionEvent } from '../../../sandbox/cloudwatch/transitions.ts';
import { createGateway, type Gateway } from '../../../sandbox/gateway/gateway.ts';
import { type Moto, startMoto } from '../../../sandbox/gateway/moto.ts';
import { StillClock } from './still-clock.ts';

const OPENER = 'arn:aws:lambda:us-east-1:123456789012:function:open-incident:live';
const clock = new StillClock('2026-11-23T10:00:30Z');
const folder = mkdtempSync(join(tmpdir(), 'cloudwatch-'));
const transitions: TransitionEvent[] = [];
const problems: string[] = [];
let moto: Moto;
let gateway: Gateway;
let cloudWatch: CloudWatch;
let client: CloudWatchClient;

beforeAll(async () => {
  moto = await startMoto({ folder });
  gateway = await createGateway({ port: 0, motoEndpoint: moto.endpoint, clock });
  cloudWatch = createCloudWatch({
    clock,
    aws: { endpoint: moto.endpoint },
    onTransition: (event) => transitions.push(event),
    onProblem: (problem) => problems.push(problem),
  });
  gateway.use('monitoring', cloudWatch.route);
  client = new CloudWatchClient(clientSettings());
});

afterAll(async () => {
  client.destroy();
  await cloudWatch.stop();
  await gateway.stop();
  await moto.stop();
  rmSync(folder, { recursive: true });
});

beforeEach(() => {
  transitions.length = 0;
  problems.length = 0;
});

function clientSettings() {
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' };
  return { endpoint: gateway.endpoint, region: 'us-east-1', credentials };
}

/** Runs Python against the endpoint with boto3, the client that people have. */
async function python(program: string): Promise<string> {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    AWS_ENDPOINT_URL: gateway.endpoint,
    AWS_ACCESS_KEY_ID: 'AKIAPYTHON',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_DEFAULT_REGION: 'us-east-1',
  };
  return (await promisify(execFile)('python3', ['-c', `import boto3\n${program}`], { env })).stdout.trim();
}

const fleetAlarm: PutMetricAlarmCommandInput = {
  AlarmName: 'fleet-disk',
  Metrics: [
    {
      Id: 'q',
      Period: 60,
      ReturnData: true,
      Expression: 'SELECT MAX(disk) FROM SCHEMA("SelfHealing", InstanceId, path) GROUP BY InstanceId, path',
    },
  ],
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 90,
  EvaluationPeriods: 1,
  AlarmActions: [OPENER],
};

async function putDisk(instanceId: string, value: number): Promise<void> {
  const Dimensions = [
    { Name: 'InstanceId', Value: instanceId },
    { Name: 'path', Value: '/' },
  ];
  const MetricData = [{ MetricName: 'disk', Dimensions, Value: value }];
  await client.send(new PutMetricDataCommand({ Namespace: 'SelfHealing', MetricData }));
}

async function describeAlarm(name: string): Promise<MetricAlarm | undefined> {
  return (await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }))).MetricAlarms?.[0];
}

test('an alarm on the fleet acts for the instance that is sick, and every client sees it', async () => {
  await client.send(new PutMetricAlarmCommand(fleetAlarm));
  expect((await describeAlarm('fleet-disk'))?.StateValue).toBe('INSUFFICIENT_DATA');
  await putDisk('i-1', 50);
  await putDisk('i-2', 97);
  clock.moveTo('2026-11-23T10:01:10Z');
  await cloudWatch.tick();

  expect(transitions).toMatchObject([
    {
      kind: 'lambda-action',
      functionArn: OPENER,
      payload: { alarmData: { alarmContributor: { attributes: { InstanceId: 'i-2', path: '/' } } } },
    },
    { kind: 'event-bridge', event: { 'detail-type': 'CloudWatch Alarm Contributor State Change' } },
    { kind: 'event-bridge', event: { 'detail-type': 'CloudWatch Alarm State Change' } },
  ]);
  expect(await describeAlarm('fleet-disk')).toMatchObject({
    StateValue: 'ALARM',
    StateReason: '1 out of 2 time series evaluated to ALARM',
    StateUpdatedTimestamp: new Date('2026-11-23T10:01:10Z'),
  });
  const { AlarmContributors } = await client.send(new DescribeAlarmContributorsCommand({ AlarmName: 'fleet-disk' }));
  expect(AlarmContributors).toMatchObject([
    {
      ContributorId: expect.stringMatching(/^[0-9a-f]{16}$/),
      ContributorAttributes: { InstanceId: 'i-2', path: '/' },
      StateTransitionedTimestamp: new Date('2026-11-23T10:01:10Z'),
    },
  ]);
  expect(
    await python(`
cw = boto3.client('cloudwatch')
print(cw.describe_alarms(StateValue='ALARM')['MetricAlarms'][0]['AlarmName'],
      cw.describe_alarm_contributors(AlarmName='fleet-disk')['AlarmContributors'][0]['ContributorAttributes']['InstanceId'])`),
  ).toBe('fleet-disk i-2');
  expect(problems).toEqual([]);
});

test('metric queries are answered from the same store', async () => {
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      MetricDataQueries: [{ Id: 'q', Expression: fleetAlarm.Metrics?.[0]?.Expression, Period: 60 }],
      StartTime: new Date('2026-11-23T09:00:00Z'),
      EndTime: new Date('2026-11-23T12:00:00Z'),
    }),
  );
  expect(MetricDataResults).toMatchObject([
    { Id: 'q', Label: 'i-1 /', Values: [50], Timestamps: [new Date('2026-11-23T10:00:00Z')] },
    { Id: 'q', Label: 'i-2 /', Values: [97] },
  ]);
});

test("a stock client's own alarm on its own metric changes, and its message reaches a topic", async () => {
  const queue = await python(`
cw, sns, sqs = (boto3.client(s) for s in ('cloudwatch', 'sns', 'sqs'))
topic = sns.create_topic(Name='people')['TopicArn']
queue = sqs.create_queue(QueueName='inbox')['QueueUrl']
sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint='arn:aws:sqs:us-east-1:123456789012:inbox')
cw.put_metric_alarm(AlarmName='own', Namespace='Own', MetricName='m', Statistic='Average', Period=60, EvaluationPeriods=1,
    Threshold=5, ComparisonOperator='GreaterThanThreshold', Dimensions=[{'Name': 'a', 'Value': 'b'}], AlarmActions=[topic])
cw.put_metric_data(Namespace='Own', MetricData=[{'MetricName': 'm', 'Value': 9, 'Dimensions': [{'Name': 'a', 'Value': 'b'}]}])
print(queue)`);
  clock.moveTo('2026-11-23T10:02:10Z');
  await cloudWatch.tick();
  expect(await describeAlarm('own')).toMatchObject({
    StateValue: 'ALARM',
    StateReason: expect.stringContaining('9.0'),
  });
  expect(
    await python(`
print(boto3.client('sqs').receive_message(QueueUrl='${queue}')['Messages'][0]['Body'])`),
  ).toContain('\\"NewStateValue\\": \\"ALARM\\"'.replaceAll(': ', ':'));
});

test('a state that a client sets acts at once, and is taken back by the next evaluation', async () => {
  const settings = { Namespace: 'Own', MetricName: 'm', Dimensions: [{ Name: 'a', Value: 'b' }] };
  await client.send(
    new PutMetricAlarmCommand({
      ...settings,
      AlarmName: 'by-hand',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 50,
      ComparisonOperator: 'GreaterThanThreshold',
      AlarmActions: [OPENER],
    }),
  );
  await cloudWatch.tick();
  transitions.length = 0;
  await client.send(
    new SetAlarmStateCommand({ AlarmName: 'by-hand', StateValue: 'ALARM', StateReason: 'trying it out' }),
  );
  expect(transitions).toMatchObject([
    { kind: 'lambda-action', payload: { alarmData: { state: { value: 'ALARM', reason: 'trying it out' } } } },
    { kind: 'event-bridge' },
  ]);
  await cloudWatch.tick();
  expect((await describeAlarm('by-hand'))?.StateValue).toBe('OK');
});

test('changing an alarm keeps its state', async () => {
  await client.send(new PutMetricAlarmCommand({ ...fleetAlarm, Threshold: 95 }));
  expect(await describeAlarm('fleet-disk')).toMatchObject({ StateValue: 'ALARM', Threshold: 95 });
});

test('an alarm whose query cannot be read is refused', async () => {
  const Metrics = [{ Id: 'q', Expression: 'SELECT MEDIAN(disk) FROM n', Period: 60 }];
  await expect(client.send(new PutMetricAlarmCommand({ ...fleetAlarm, Metrics }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'metrics insights query: expected AVG, COUNT, MAX, MIN or SUM, got "MEDIAN" at character 7',
  });
});

test('clients that speak the older Query protocol are understood', async () => {
  const call = async (fields: Record<string, string>): Promise<string> => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIAOLD/20261123/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=x';
    const body = new URLSearchParams({ Version: '2010-08-01', ...fields });
    return (await fetch(gateway.endpoint, { method: 'POST', headers: { authorization }, body })).text();
  };
  const dimension = 'MetricData.member.1.Dimensions.member';
  await call({
    Action: 'PutMetricData',
    Namespace: 'SelfHealing',
    'MetricData.member.1.MetricName': 'disk',
    'MetricData.member.1.Value': '99',
    [`${dimension}.1.Name`]: 'InstanceId',
    [`${dimension}.1.Value`]: 'i-3',
    [`${dimension}.2.Name`]: 'path',
    [`${dimension}.2.Value`]: '/',
  });
  clock.moveTo('2026-11-23T10:03:10Z');
  await cloudWatch.tick();
  const contributors = await call({ Action: 'DescribeAlarmContributors', AlarmName: 'fleet-disk' });
  expect(contributors).toContain('<entry><key>InstanceId</key><value>i-3</value></entry>');
  const described = await call({ Action: 'DescribeAlarms', 'AlarmNames.member.1': 'fleet-disk' });
  expect(described).toContain('<StateUpdatedTimestamp>2026-11-23T10:01:10.000Z</StateUpdatedTimestamp>');
  expect(await call({ Action: 'DescribeAlarmContributors', AlarmName: 'none' })).toContain(
    '<Code>ResourceNotFoundException</Code>',
  );
});

test('an alarm that was deleted and made again starts anew', async () => {
  await python(`boto3.client('cloudwatch').delete_alarms(AlarmNames=['fleet-disk'])`);
  await client.send(new PutMetricAlarmCommand(fleetAlarm));
  expect((await describeAlarm('fleet-disk'))?.StateValue).toBe('INSUFFICIENT_DATA');
});

test('what the sandbox cannot evaluate is told once', async () => {
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: 'math',
      Metrics: [{ Id: 'e', Expression: 'm1 * 2' }],
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: 'GreaterThanThreshold',
    }),
  );
  await cloudWatch.tick();
  await cloudWatch.tick();
  expect(problems).toEqual(['not evaluated: alarm math: metric math is not evaluated in the sandbox']);
});

test('instances count as launched when the sandbox says', async () => {
  const ec2 = new EC2Client(clientSettings());
  const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }));
  const id = Instances?.[0]?.InstanceId ?? '';
  gateway.launchTimes.set(id, new Date('2026-11-23T09:00:00Z'));
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  ec2.destroy();
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    InstanceId: id,
    LaunchTime: new Date('2026-11-23T09:00:00Z'),
  });
  expect(Reservations?.[0]?.OwnerId).toBe('123456789012');
  expect(gateway.calls().at(-1)).toMatchObject({
    service: 'ec2',
    action: 'DescribeInstances',
    accessKeyId: 'AKIATEST',
  });
});
