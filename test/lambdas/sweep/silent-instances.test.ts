import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeInstancesCommand, type Instance } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { silentInstances } from '../../../lambdas/sweep/silent-instances.ts';
import { ec2 } from '../aws/sick-instance.ts';
import { policy } from '../core/samples.ts';

const cloudWatch = mockClient(CloudWatchClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');
const launched = (InstanceId: string, at = '2026-11-22T10:00:00Z', tags: string[] = []): Instance => ({
  InstanceId,
  LaunchTime: new Date(at),
  Tags: tags.map((Key) => ({ Key, Value: 'yes' })),
});
const running = (...Instances: Instance[]) =>
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances }] });
const heard = (...ids: string[]) =>
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: ids.map((Label) => ({ Label, Values: [41] })) });
const silent = () => silentInstances(policy, NOW);

beforeEach(() => {
  ec2.reset();
  cloudWatch.reset();
});

test('an instance that runs and of which no metric arrives is silent', async () => {
  running(launched('i-1'), launched('i-2'));
  heard('i-1');
  await expect(silent()).resolves.toEqual(['i-2']);
});

test('only opted-in instances that run are asked for', async () => {
  running();
  heard();
  await expect(silent()).resolves.toEqual([]);
  expect(ec2).toHaveReceivedCommandWith(DescribeInstancesCommand, {
    Filters: [
      { Name: 'tag:self-healing:stack', Values: ['fleet'] },
      { Name: 'instance-state-name', Values: ['running'] },
    ],
  });
});

test.each([
  ['2026-11-23T09:50:01Z', []],
  ['2026-11-23T09:50:00Z', ['i-1']],
])('an instance launched at %s is, at 10:00 and with a warm-up of 10 minutes, silent: %j', async (at, expected) => {
  running(launched('i-1', at));
  heard();
  await expect(silent()).resolves.toEqual(expected);
});

test('S26: an instance that is opted out may be silent', async () => {
  running(launched('i-1', undefined, ['self-healing:opt-out']));
  heard();
  await expect(silent()).resolves.toEqual([]);
});

test('a metric without a value is no sign of life', async () => {
  running(launched('i-1'));
  cloudWatch.on(GetMetricDataCommand).resolves({ MetricDataResults: [{ Label: 'i-1', Values: [] }] });
  await expect(silent()).resolves.toEqual(['i-1']);
});

test('an answer is cut after 500 series: who is missing from a full one is asked for alone', async () => {
  const many = Array.from({ length: 500 }, (_, place) => `i-${place}`);
  running(launched('i-500'), launched('i-501'));
  heard(...many);
  const alone = (id: string) => ({
    MetricDataQueries: [
      {
        Id: 'q',
        Expression: `SELECT MAX(disk_used_percent) FROM SCHEMA("SelfHealing", InstanceId, fstype, path) WHERE InstanceId = '${id}' GROUP BY InstanceId ORDER BY MAX() DESC`,
        Period: 60,
      },
    ],
  });
  cloudWatch
    .on(GetMetricDataCommand, alone('i-500'))
    .resolves({ MetricDataResults: [{ Label: 'i-500', Values: [1] }] });
  cloudWatch
    .on(GetMetricDataCommand, {
      MetricDataQueries: [
        {
          Id: 'q',
          Expression:
            'SELECT AVG(cpu_usage_active) FROM SCHEMA("SelfHealing", InstanceId, cpu) WHERE InstanceId = \'i-501\' GROUP BY InstanceId ORDER BY AVG() DESC',
          Period: 60,
        },
      ],
    })
    .resolves({ MetricDataResults: [] });
  cloudWatch.on(GetMetricDataCommand, alone('i-501')).resolves({ MetricDataResults: [] });
  await expect(silent()).resolves.toEqual(['i-501']);
});
