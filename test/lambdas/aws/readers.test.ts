import {
  CloudWatchClient,
  DescribeAlarmContributorsCommand,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { alarmsInAlarm, readContributors } from '../../../lambdas/aws/alarm-reader.ts';
import { newestDatapoint, reportingInstances } from '../../../lambdas/aws/metric-reader.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';

const cloudWatch = mockClient(CloudWatchClient);
const NOW = Date.parse('2026-11-23T10:00:00Z');

beforeEach(() => cloudWatch.reset());

describe('the contributors of an alarm', () => {
  test('are read to the last page', async () => {
    cloudWatch
      .on(DescribeAlarmContributorsCommand)
      .resolvesOnce({
        AlarmContributors: [
          {
            ContributorId: 'c-1',
            ContributorAttributes: { InstanceId: 'i-1', path: '/' },
            StateReason: 'full',
            StateTransitionedTimestamp: new Date('2026-11-23T09:58:15.490Z'),
          },
        ],
        NextToken: 'more',
      })
      .resolvesOnce({
        AlarmContributors: [
          { ContributorId: 'c-2', ContributorAttributes: { InstanceId: 'i-2' }, StateReason: 'full' },
        ],
      });
    await expect(readContributors('fleet-disk-full', NOW)).resolves.toEqual([
      { dimensions: { InstanceId: 'i-1', path: '/' }, stateChangedAt: '2026-11-23T09:58:15.490Z' },
      { dimensions: { InstanceId: 'i-2' }, stateChangedAt: '2026-11-23T10:00:00.000Z' },
    ]);
  });

  test('are none where AWS says none', async () => {
    cloudWatch.on(DescribeAlarmContributorsCommand).resolves({ AlarmContributors: [] });
    await expect(readContributors('fleet-disk-full', NOW)).resolves.toEqual([]);
  });
});

describe('the alarms that are in ALARM', () => {
  test('are asked for by name', async () => {
    cloudWatch.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [{ AlarmName: 'fleet-disk-full' }] });
    await expect(alarmsInAlarm(['fleet-disk-full', 'fleet-cpu-saturated'])).resolves.toEqual(['fleet-disk-full']);
    expect(cloudWatch).toHaveReceivedCommandWith(DescribeAlarmsCommand, {
      AlarmNames: ['fleet-disk-full', 'fleet-cpu-saturated'],
      StateValue: 'ALARM',
    });
  });

  test('S1: no name asks for nothing, where AWS would take it for all', async () => {
    await expect(alarmsInAlarm([])).resolves.toEqual([]);
    expect(cloudWatch).not.toHaveReceivedAnyCommand();
  });
});

describe("a target's newest datapoint", () => {
  const newest = () => newestDatapoint(diskFull.detection, 'SelfHealing', 'i-0123456789abcdef0', '/data', NOW);

  test('is the first of the last 10 minutes, newest first', async () => {
    const at = [new Date('2026-11-23T09:59:00Z'), new Date('2026-11-23T09:58:00Z')];
    cloudWatch
      .on(GetMetricDataCommand)
      .resolves({ MetricDataResults: [{ Id: 'q', Values: [41, 96], Timestamps: at }] });
    await expect(newest()).resolves.toEqual({ value: 41, at: '2026-11-23T09:59:00.000Z' });
    expect(cloudWatch).toHaveReceivedCommandWith(GetMetricDataCommand, {
      MetricDataQueries: [
        {
          Id: 'q',
          Expression:
            "SELECT MAX(disk_used_percent) FROM SCHEMA(\"SelfHealing\", InstanceId, fstype, path) WHERE InstanceId = 'i-0123456789abcdef0' AND path = '/data'",
          Period: 60,
        },
      ],
      StartTime: new Date('2026-11-23T09:50:00Z'),
      EndTime: new Date('2026-11-23T10:00:00Z'),
      ScanBy: 'TimestampDescending',
    });
  });

  test.each([
    ['no series', { MetricDataResults: [] }],
    ['an empty series', { MetricDataResults: [{ Id: 'q', Values: [], Timestamps: [] }] }],
    ['a value at no time', { MetricDataResults: [{ Id: 'q', Values: [41] }] }],
    ['no answer', {}],
  ])('S29: missing data is no datapoint: %s', async (_, answer) => {
    cloudWatch.on(GetMetricDataCommand).resolves(answer);
    await expect(newest()).resolves.toBeUndefined();
  });
});

test('an instance reports where its series has a value', async () => {
  cloudWatch.on(GetMetricDataCommand).resolves({
    MetricDataResults: [{ Label: 'i-1', Values: [41] }, { Label: 'i-2', Values: [] }, { Label: 'i-3' }],
  });
  await expect(reportingInstances(diskFull.detection, 'SelfHealing', NOW)).resolves.toEqual(new Set(['i-1']));
});
