import type { Change } from './alarm-state.ts';
import { offsetTime } from './aws-time.ts';
import type { AlarmDefinition } from './definition.ts';

/**
 * What CloudWatch publishes to a topic: subject of at most 100 characters, and a JSON message, after "Schema of Amazon SNS
 * notifications when alarms change state" in AWS's "Notifying users on alarm changes".
 */
export function snsMessage(alarm: AlarmDefinition, change: Change): { subject: string; message: string } {
  const { before, after, contributor } = change;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: alarm.accountId,
    AlarmConfigurationUpdatedTimestamp: offsetTime(alarm.configuredAtMillis ?? after.sinceMillis),
    NewStateValue: after.value,
    NewStateReason: after.reason,
    StateChangeTime: offsetTime(after.sinceMillis),
    Region: alarm.region,
    AlarmArn: alarm.arn,
    OldStateValue: before.value,
    OKActions: alarm.actions.OK,
    AlarmActions: alarm.actions.ALARM,
    InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
    ...(contributor === undefined
      ? {}
      : { AlarmContributorId: contributor.id, AlarmContributorAttributes: contributor.attributes }),
    Trigger: triggerOf(alarm),
  };
  return {
    subject: `${after.value}: "${alarm.name}" in ${alarm.region}`.slice(0, 100),
    message: JSON.stringify(message),
  };
}

function triggerOf(alarm: AlarmDefinition): Readonly<Record<string, unknown>> {
  const { rule, periodSeconds } = alarm;
  return {
    ...measuredBy(alarm),
    Period: periodSeconds,
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    ComparisonOperator: rule.comparison,
    Threshold: rule.threshold,
    TreatMissingData: rule.treatMissing,
    EvaluateLowSampleCountPercentile: null,
  };
}

/** The schema knows one metric; an alarm on more has no such fields, and how AWS lists them it does not say. */
function measuredBy({ source, metrics }: AlarmDefinition): Readonly<Record<string, unknown>> {
  if (source.kind !== 'metric') return { Metrics: metrics };
  return {
    MetricName: source.metric,
    Namespace: source.namespace,
    StatisticType: 'Statistic',
    Statistic: source.statistic.toUpperCase(),
    Unit: source.unit ?? null,
    Dimensions: Object.entries(source.dimensions).map(([name, value]) => ({ value, name })),
  };
}
