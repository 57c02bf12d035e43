import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  GetMetricDataCommand,
  PutCompositeAlarmCommand,
  PutLogAlarmCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2';
import { type Emulated, startEmulated } from './emulated.ts';

const OPENER = 'arn:aws:lambda:us-east-1:123456789012:function:open-incident:live';
let emulated: Emulated;

beforeAll(async () => {
  emulated = await startEmulated('2026-11-23T10:00:30Z');
});
afterAll(() => emulated.stop());

beforeEach(() => {
  emulated.transitions.length = 0;
  emulated.problems.length = 0;
});

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
  await emulated.client.send(new PutMetricDataCommand({ Namespace: 'SelfHealing', MetricData }));
}

test('an alarm on the fleet acts for the instance that is sick, and every client sees it', async () => {
  await emulated.client.send(new PutMetricAlarmCommand(fleetAlarm));
  expect((await emulated.describeAlarm('fleet-disk'))?.StateValue).toBe('INSUFFICIENT_DATA');
  await putDisk('i-1', 50);
  await putDisk('i-2', 97);
  emulated.clock.moveTo('2026-11-23T10:01:10Z');
  await emulated.cloudWatch.tick();

  expect(emulated.transitions).toMatchObject([
    {
      kind: 'lambda-action',
      functionArn: OPENER,
      payload: { alarmData: { alarmContributor: { attributes: { InstanceId: 'i-2', path: '/' } } } },
    },
    { kind: 'event-bridge', event: { 'detail-type': 'CloudWatch Alarm Contributor State Change' } },
    { kind: 'event-bridge', event: { 'detail-type': 'CloudWatch Alarm State Change' } },
  ]);
  expect(await emulated.describeAlarm('fleet-disk')).toMatchObject({
    StateValue: 'ALARM',
    StateReason: '1 out of 2 time series evaluated to ALARM',
    StateUpdatedTimestamp: new Date('2026-11-23T10:01:10Z'),
  });
  const { AlarmContributors } = await emulated.client.send(
    new DescribeAlarmContributorsCommand({ AlarmName: 'fleet-disk' }),
  );
  expect(AlarmContributors).toMatchObject([
    {
      ContributorId: expect.stringMatching(/^[0-9a-f]{16}$/),
      ContributorAttributes: { InstanceId: 'i-2', path: '/' },
      StateTransitionedTimestamp: new Date('2026-11-23T10:01:10Z'),
    },
  ]);
  expect(
    await emulated.python(`
cw = boto3.client('cloudwatch')
print(cw.describe_alarms(StateValue='ALARM')['MetricAlarms'][0]['AlarmName'],
      cw.describe_alarm_contributors(AlarmName='fleet-disk')['AlarmContributors'][0]['ContributorAttributes']['InstanceId'])`),
  ).toBe('fleet-disk i-2');
  expect(emulated.problems).toEqual([]);
});

test('metric queries are answered from the same store', async () => {
  const { MetricDataResults } = await emulated.client.send(
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
  const queue = await emulated.python(`
cw, sns, sqs = (boto3.client(s) for s in ('cloudwatch', 'sns', 'sqs'))
topic = sns.create_topic(Name='people')['TopicArn']
queue = sqs.create_queue(QueueName='inbox')['QueueUrl']
sns.subscribe(TopicArn=topic, Protocol='sqs', Endpoint='arn:aws:sqs:us-east-1:123456789012:inbox')
cw.put_metric_alarm(AlarmName='own', Namespace='Own', MetricName='m', Statistic='Average', Period=60, EvaluationPeriods=1,
    Threshold=5, ComparisonOperator='GreaterThanThreshold', Dimensions=[{'Name': 'a', 'Value': 'b'}], AlarmActions=[topic])
cw.put_metric_data(Namespace='Own', MetricData=[{'MetricName': 'm', 'Value': 9, 'Dimensions': [{'Name': 'a', 'Value': 'b'}]}])
print(queue)`);
  emulated.clock.moveTo('2026-11-23T10:02:10Z');
  await emulated.cloudWatch.tick();
  expect(await emulated.describeAlarm('own')).toMatchObject({
    StateValue: 'ALARM',
    StateReason: expect.stringContaining('9.0'),
  });
  expect(
    await emulated.python(`
print(boto3.client('sqs').receive_message(QueueUrl='${queue}')['Messages'][0]['Body'])`),
  ).toContain('\\"NewStateValue\\": \\"ALARM\\"'.replaceAll(': ', ':'));
});

test('a state that a client sets acts at once, and is taken back by the next evaluation', async () => {
  const settings = { Namespace: 'Own', MetricName: 'm', Dimensions: [{ Name: 'a', Value: 'b' }] };
  await emulated.client.send(
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
  await emulated.cloudWatch.tick();
  emulated.transitions.length = 0;
  await emulated.client.send(
    new SetAlarmStateCommand({ AlarmName: 'by-hand', StateValue: 'ALARM', StateReason: 'trying it out' }),
  );
  expect(emulated.transitions).toMatchObject([
    { kind: 'lambda-action', payload: { alarmData: { state: { value: 'ALARM', reason: 'trying it out' } } } },
    { kind: 'event-bridge' },
  ]);
  await emulated.cloudWatch.tick();
  expect((await emulated.describeAlarm('by-hand'))?.StateValue).toBe('OK');
});

test('changing an alarm keeps its state', async () => {
  await emulated.client.send(new PutMetricAlarmCommand({ ...fleetAlarm, Threshold: 95 }));
  expect(await emulated.describeAlarm('fleet-disk')).toMatchObject({ StateValue: 'ALARM', Threshold: 95 });
});

test('an alarm whose query cannot be read is refused', async () => {
  const Metrics = [{ Id: 'q', Expression: 'SELECT MEDIAN(disk) FROM n', Period: 60 }];
  await expect(emulated.client.send(new PutMetricAlarmCommand({ ...fleetAlarm, Metrics }))).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'metrics insights query: expected AVG, COUNT, MAX, MIN or SUM, got "MEDIAN" at character 7',
  });
});

test('alarms are described by name and state together', async () => {
  const described = (StateValue: string) =>
    emulated.python(`
found = boto3.client('cloudwatch').describe_alarms(AlarmNames=['fleet-disk', 'by-hand'], StateValue='${StateValue}')
print([alarm['AlarmName'] for alarm in found['MetricAlarms']])`);
  expect(await described('ALARM')).toBe("['fleet-disk']");
  expect(await described('OK')).toBe("['by-hand']");
});

test('clients that speak the older Query protocol are understood', async () => {
  const call = async (fields: Record<string, string>): Promise<string> => {
    const authorization =
      'AWS4-HMAC-SHA256 Credential=AKIAOLD/20261123/us-east-1/monitoring/aws4_request, SignedHeaders=host, Signature=x';
    const body = new URLSearchParams({ Version: '2010-08-01', ...fields });
    return (await fetch(emulated.gateway.endpoint, { method: 'POST', headers: { authorization }, body })).text();
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
  emulated.clock.moveTo('2026-11-23T10:03:10Z');
  await emulated.cloudWatch.tick();
  const contributors = await call({ Action: 'DescribeAlarmContributors', AlarmName: 'fleet-disk' });
  expect(contributors).toContain('<entry><key>InstanceId</key><value>i-3</value></entry>');
  const described = await call({ Action: 'DescribeAlarms', 'AlarmNames.member.1': 'fleet-disk' });
  expect(described).toContain('<StateUpdatedTimestamp>2026-11-23T10:01:10.000Z</StateUpdatedTimestamp>');
  expect(await call({ Action: 'DescribeAlarmContributors', AlarmName: 'none' })).toContain(
    '<Code>ResourceNotFoundException</Code>',
  );
});

test('an alarm that was deleted and made again starts anew', async () => {
  await emulated.python(`boto3.client('cloudwatch').delete_alarms(AlarmNames=['fleet-disk'])`);
  await emulated.client.send(new PutMetricAlarmCommand(fleetAlarm));
  expect((await emulated.describeAlarm('fleet-disk'))?.StateValue).toBe('INSUFFICIENT_DATA');
});

const own = {
  AlarmName: 'unknown-form',
  Namespace: 'Own',
  MetricName: 'm',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanThreshold',
} as const;

test.each<[Partial<PutMetricAlarmCommandInput>, string]>([
  [{ ...own, ExtendedStatistic: 'p99' }, 'ExtendedStatistic: not evaluated in the sandbox'],
  [
    { ...own, Statistic: 'Sum', EvaluationWindow: { WallClockWindow: {} } },
    'EvaluationWindow: not evaluated in the sandbox',
  ],
  [
    { ...own, Statistic: 'Sum', TreatMissingData: 'never' },
    'TreatMissingData is "never", allowed are missing, ignore, breaching, notBreaching',
  ],
  [
    { EvaluationCriteria: { PromQLCriteria: { Query: 'up' } }, EvaluationInterval: 60 },
    'EvaluationCriteria, EvaluationInterval: not evaluated in the sandbox',
  ],
])('an alarm of a form that is not evaluated is refused by name: %j', async (form, problem) => {
  await expect(
    emulated.client.send(new PutMetricAlarmCommand({ ...form, AlarmName: 'unknown-form' })),
  ).rejects.toMatchObject({ name: 'ValidationException', message: `alarm unknown-form: ${problem}` });
  expect(await emulated.describeAlarm('unknown-form')).toBeUndefined();
});

test('composite alarms and log alarms are refused by name', async () => {
  const composite = new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'ALARM(own)' });
  await expect(emulated.client.send(composite)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'PutCompositeAlarm both: not evaluated in the sandbox',
  });
  const ScheduledQueryConfiguration = {
    QueryString: 'fields @message',
    ScheduledQueryRoleARN: 'arn:aws:iam::123456789012:role/query',
    ScheduleConfiguration: { ScheduleExpression: 'rate(5 minutes)', StartTimeOffset: 300 },
    AggregationExpression: 'count(*)',
  };
  const log = new PutLogAlarmCommand({
    ScheduledQueryConfiguration,
    AlarmName: 'errors',
    QueryResultsToEvaluate: 1,
    QueryResultsToAlarm: 1,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
  });
  await expect(emulated.client.send(log)).rejects.toMatchObject({
    name: 'ValidationException',
    message: 'PutLogAlarm errors: not evaluated in the sandbox',
  });
});

test('what came to the emulator by another way and cannot be evaluated is told once', async () => {
  const direct = new CloudWatchClient({ ...emulated.clientSettings, endpoint: emulated.moto.endpoint });
  await direct.send(new PutMetricAlarmCommand({ ...own, ExtendedStatistic: 'p99' }));
  direct.destroy();
  await emulated.cloudWatch.tick();
  await emulated.cloudWatch.tick();
  expect(emulated.problems).toEqual([
    'not evaluated: alarm unknown-form: statistic none, the sandbox knows Average, Sum, Minimum, Maximum, SampleCount',
  ]);
});

test('an alarm that warms up says so, and its configuration stays to be seen afterwards', async () => {
  const WarmUpConfiguration = {
    WarmUpPeriodDurationInMinutes: 30,
    OnlyStartEvaluatingAfterWarmUpPeriodEnds: true,
  };
  const warming = new PutMetricAlarmCommand({
    ...own,
    AlarmName: 'warming',
    Statistic: 'Sum',
    TreatMissingData: 'breaching',
    WarmUpConfiguration,
  });
  await emulated.client.send(warming);
  await emulated.cloudWatch.tick();
  expect(await emulated.describeAlarm('warming')).toMatchObject({
    StateValue: 'INSUFFICIENT_DATA',
    EvaluationState: 'IN_WARM_UP',
    WarmUpConfiguration,
  });
  emulated.clock.moveTo('2026-11-23T10:45:10Z');
  await emulated.cloudWatch.tick();
  const warm = await emulated.describeAlarm('warming');
  expect(warm).toMatchObject({ StateValue: 'ALARM', WarmUpConfiguration });
  expect(warm).not.toHaveProperty('EvaluationState');
});

test('a warm-up that AWS would refuse is refused', async () => {
  const WarmUpConfiguration = { WarmUpPeriodDurationInMinutes: 0 };
  await expect(
    emulated.client.send(new PutMetricAlarmCommand({ ...own, Statistic: 'Sum', WarmUpConfiguration })),
  ).rejects.toMatchObject({ message: 'WarmUpPeriodDurationInMinutes: allowed are 1 to 2880' });
});

test('an alarm on metric math over several metrics changes, for every client', async () => {
  emulated.clock.moveTo('2026-11-23T10:45:30Z');
  await emulated.python(`
cw = boto3.client('cloudwatch')
item = lambda id, name: {'Id': id, 'ReturnData': False, 'MetricStat': {'Metric': {'Namespace': 'Own', 'MetricName': name},
    'Period': 60, 'Stat': 'Sum'}}
cw.put_metric_alarm(AlarmName='sum', EvaluationPeriods=1, Threshold=10, ComparisonOperator='GreaterThanThreshold',
    Metrics=[{'Id': 'e', 'Expression': 'SUM(METRICS())', 'ReturnData': True}, item('m1', 'a'), item('m2', 'b')])
cw.put_metric_data(Namespace='Own', MetricData=[{'MetricName': 'a', 'Value': 6}, {'MetricName': 'b', 'Value': 5}])`);
  emulated.clock.moveTo('2026-11-23T10:46:10Z');
  await emulated.cloudWatch.tick();
  expect(await emulated.describeAlarm('sum')).toMatchObject({
    StateValue: 'ALARM',
    StateReason: expect.stringContaining('[11.0 (23/11/26 10:45:00)] was greater than the threshold (10.0)'),
  });
});

test('instances count as launched when the sandbox says', async () => {
  const ec2 = new EC2Client(emulated.clientSettings);
  const { Instances } = await ec2.send(new RunInstancesCommand({ ImageId: 'ami-12c6146b', MinCount: 1, MaxCount: 1 }));
  const id = Instances?.[0]?.InstanceId ?? '';
  emulated.gateway.launchTimes.set(id, new Date('2026-11-23T09:00:00Z'));
  const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [id] }));
  ec2.destroy();
  expect(Reservations?.[0]?.Instances?.[0]).toMatchObject({
    InstanceId: id,
    LaunchTime: new Date('2026-11-23T09:00:00Z'),
  });
  expect(Reservations?.[0]?.OwnerId).toBe('123456789012');
  expect(emulated.gateway.calls().at(-1)).toMatchObject({
    service: 'ec2',
    action: 'DescribeInstances',
    accessKeyId: 'AKIATEST',
  });
});
