import type { Change } from './alarm-state.ts';
import { offsetTime } from './aws-time.ts';
import type { AlarmDefinition } from './definition.ts';

/** What CloudWatch publishes to a topic: subject of at most 100 characters, and a JSON message. */
export function snsMessage(alarm: AlarmDefinition, change: Change): { subject: string; message: string } {
  const { before, after, contributor } = change;
  const message = {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description ?? null,
    AWSAccountId: alarm.accountId,
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
  const { rule, source, periodSeconds, metrics } = alarm;
  const shared = {
    EvaluationPeriods: rule.evaluationPeriods,
    DatapointsToAlarm: rule.datapointsToAlarm,
    ComparisonOperator: rule.comparison,
    Threshold: rule.threshold,
    TreatMissingData: rule.treatMissing,
  };
  if (source.kind === 'insights') return { ...shared, Period: periodSeconds, Metrics: metrics };
  const dimensions = Object.entries(source.dimensions).map(([name, value]) => ({ name, value }));
  return {
    MetricName: source.metric,
    Namespace: source.namespace,
    StatisticType: 'Statistic',
    Statistic: source.statistic.toUpperCase(),
    Dimensions: dimensions,
    Period: periodSeconds,
    ...shared,
  };
}
