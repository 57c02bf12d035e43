import { Match, Template } from 'aws-cdk-lib/assertions';
import type { RemedyConfig } from '../../lib/config/config.ts';
import { actSlices, slices } from '../../remedies/index.ts';
import { type Detecting, detecting } from '../../remedies/slice.ts';
import { propertiesOf, resourcesOf, synthesized, textOf } from './synthesized.ts';

const template = synthesized();
const assertions = Template.fromJSON(template);
const [openerAlias] = resourcesOf(template, 'AWS::Lambda::Alias')
  .map(([id]) => id)
  .filter((id) => id.startsWith('OpenIncident'));

const warning = slices.filter(({ detection }) => detection.early !== undefined);
const alarmsOf = (slicesOfStack: readonly Detecting[]) =>
  slicesOfStack.flatMap(({ id, detection }) => [`fleet-${id}`, ...(detection.early ? [`fleet-${id}-early`] : [])]);

test('there is one alarm per remedy that detects, and one where it warns early, whatever the size of the fleet', () => {
  const names = propertiesOf(template, 'AWS::CloudWatch::Alarm')
    .filter(({ AlarmActions }) => JSON.stringify(AlarmActions) === JSON.stringify([{ Ref: openerAlias }]))
    .map(({ AlarmName }) => String(AlarmName));
  expect(names.toSorted()).toEqual(alarmsOf(detecting([...actSlices, ...slices])).toSorted());
});

describe.each(warning.map((slice) => [slice.id, slice] as const))('the early alarm of %s', (id, { detection }) => {
  const earlyAlarm = (remedy: RemedyConfig) =>
    propertiesOf(synthesized({ stackName: 'fleet', remedies: { [id]: remedy } }), 'AWS::CloudWatch::Alarm').find(
      ({ AlarmName }) => AlarmName === `fleet-${id}-early`,
    );

  test('watches the same metric from a lower threshold on, for longer', () => {
    expect(earlyAlarm({})).toMatchObject({
      AlarmDescription: `early warning of ${id} somewhere in the fleet of fleet; runbook: remedies/${id}/README.md`,
      Metrics: [{ Expression: expect.stringContaining(`(${detection.metricName}) FROM`) }],
      Threshold: 80,
      EvaluationPeriods: 5,
      DatapointsToAlarm: 5,
      AlarmActions: [{ Ref: openerAlias }],
    });
  });

  test('is set by the configuration, is gone where that says so, and where it would come no earlier', () => {
    expect(earlyAlarm({ earlyWarningPercent: 85 })).toMatchObject({ Threshold: 85 });
    expect(earlyAlarm({ earlyWarningPercent: false })).toBeUndefined();
    expect(earlyAlarm({ thresholdPercent: 80, settings: { StopAtPercent: '70' } })).toBeUndefined();
  });
});

test('disk-full watches every mount of every instance', () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-disk-full',
    AlarmDescription: 'disk-full somewhere in the fleet of fleet; runbook: remedies/disk-full/README.md',
    Metrics: [
      {
        Id: 'fleet',
        Expression:
          'SELECT MAX(disk_used_percent) FROM SCHEMA("SelfHealing", InstanceId, fstype, path) GROUP BY InstanceId, path ORDER BY MAX() DESC',
        Period: 60,
        ReturnData: true,
      },
    ],
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    Threshold: 90,
    EvaluationPeriods: 2,
    DatapointsToAlarm: 2,
    TreatMissingData: 'missing',
    AlarmActions: [{ Ref: openerAlias }],
    OKActions: Match.absent(),
    InsufficientDataActions: Match.absent(),
  });
});

test('cpu-saturated watches every instance', () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-cpu-saturated',
    Metrics: [
      {
        Expression:
          'SELECT AVG(cpu_usage_active) FROM SCHEMA("SelfHealing", InstanceId, cpu) GROUP BY InstanceId ORDER BY AVG() DESC',
        Period: 60,
      },
    ],
    Threshold: 95,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    AlarmActions: [{ Ref: openerAlias }],
  });
});

test("instance-impaired watches EC2's own metric of every instance", () => {
  assertions.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-instance-impaired',
    Metrics: [
      {
        Expression:
          'SELECT MAX(StatusCheckFailed_Instance) FROM SCHEMA("AWS/EC2", InstanceId) GROUP BY InstanceId ORDER BY MAX() DESC',
        Period: 60,
      },
    ],
    Threshold: 1,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 3,
    AlarmActions: [{ Ref: openerAlias }],
  });
});

test("an operator's threshold reaches the alarm", () => {
  const earlier = synthesized({ stackName: 'fleet', remedies: { 'disk-full': { thresholdPercent: 85 } } });
  Template.fromJSON(earlier).hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'fleet-disk-full',
    Threshold: 85,
  });
});

test('all alarms share one permission: the policy of a function holds 20 KB', () => {
  const permissions = propertiesOf(template, 'AWS::Lambda::Permission').filter(
    ({ Principal }) => Principal === 'lambda.alarms.cloudwatch.amazonaws.com',
  );
  expect(permissions).toEqual([
    {
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: openerAlias },
      Principal: 'lambda.alarms.cloudwatch.amazonaws.com',
      SourceAccount: '123456789012',
      SourceArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:fleet-*',
    },
  ]);
});

test('from outside, only alarms and the rules of this stack start a function, and none starts one that acts', () => {
  const started = propertiesOf(template, 'AWS::Lambda::Permission').map(({ FunctionName, Principal }) => [
    textOf(FunctionName).replace(/[0-9A-F]{8}\}$/, '}'),
    Principal,
  ]);
  expect(started).toEqual([
    ['${OpenIncidentLive}', 'lambda.alarms.cloudwatch.amazonaws.com'],
    ['${OpenIncidentLive}', 'events.amazonaws.com'],
    ['${SweepIncidentsLive}', 'events.amazonaws.com'],
  ]);
});

test("EventBridge brings this stack's alarm events too, in state ALARM only", () => {
  assertions.hasResourceProperties('AWS::Events::Rule', {
    EventPattern: {
      source: ['aws.cloudwatch'],
      'detail-type': ['CloudWatch Alarm Contributor State Change', 'CloudWatch Alarm State Change'],
      detail: { alarmName: alarmsOf(detecting([...actSlices, ...slices])), state: { value: ['ALARM'] } },
    },
    Targets: [Match.objectLike({ Arn: { Ref: openerAlias }, DeadLetterConfig: Match.anyValue() })],
  });
});

test('the sweep looks every five minutes', () => {
  assertions.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'rate(5 minutes)' });
});
