import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type AlarmRule, type AlarmStateValue, isComparison, type TreatMissing } from './evaluate.ts';
import { type InsightsQuery, parseInsights } from './insights-parser.ts';
import { STATISTICS, type Statistic } from './statistics.ts';
import type { Dimensions } from './store.ts';

/** What an alarm reads: one metric, or a Metrics Insights query. */
export type AlarmSource =
  | {
      readonly kind: 'metric';
      readonly namespace: string;
      readonly metric: string;
      readonly dimensions: Dimensions;
      readonly statistic: Statistic;
    }
  | { readonly kind: 'insights'; readonly query: InsightsQuery };

/** An alarm as the sandbox evaluates it. */
export interface AlarmDefinition {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly description: string | undefined;
  readonly actionsEnabled: boolean;
  /** ARNs to act on when the alarm, or a contributor, enters a state. */
  readonly actions: Readonly<Record<AlarmStateValue, readonly string[]>>;
  readonly rule: AlarmRule;
  readonly periodSeconds: number;
  readonly source: AlarmSource;
  /** `configuration.metrics` of its events. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

/** An alarm of a kind that the sandbox does not evaluate; the message says which alarm and what about it. */
export class UnsupportedAlarm extends Error {}

/** Reads an alarm as DescribeAlarms tells it; throws {@link UnsupportedAlarm} or `UnsupportedQuery`. */
export function defineAlarm(alarm: MetricAlarm): AlarmDefinition {
  const name = alarm.AlarmName ?? '';
  const { periodSeconds, source, metrics } = sourceOf(name, alarm);
  const [, , , region = '', accountId = ''] = (alarm.AlarmArn ?? '').split(':');
  return {
    name,
    arn: alarm.AlarmArn ?? '',
    accountId,
    region,
    description: alarm.AlarmDescription,
    actionsEnabled: alarm.ActionsEnabled ?? true,
    actions: {
      OK: alarm.OKActions ?? [],
      ALARM: alarm.AlarmActions ?? [],
      INSUFFICIENT_DATA: alarm.InsufficientDataActions ?? [],
    },
    rule: ruleOf(name, alarm),
    periodSeconds,
    source,
    metrics,
  };
}

function ruleOf(name: string, alarm: MetricAlarm): AlarmRule {
  const { ComparisonOperator: comparison, Threshold: threshold, EvaluationPeriods: evaluationPeriods = 1 } = alarm;
  if (!isComparison(comparison) || threshold === undefined) {
    throw new UnsupportedAlarm(
      `alarm ${name}: compares by ${comparison}, the sandbox knows comparison with a threshold`,
    );
  }
  return {
    comparison,
    threshold,
    evaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? evaluationPeriods,
    treatMissing: treatMissingOf(alarm.TreatMissingData),
  };
}

function treatMissingOf(text: string | undefined): TreatMissing {
  return text === 'breaching' || text === 'notBreaching' || text === 'ignore' ? text : 'missing';
}

type Reading = Pick<AlarmDefinition, 'periodSeconds' | 'source' | 'metrics'>;

function sourceOf(name: string, alarm: MetricAlarm): Reading {
  const queries = alarm.Metrics ?? [];
  const [query] = queries;
  if (query === undefined) {
    const { Namespace, MetricName, Dimensions, Period, Statistic, Unit } = alarm;
    return metricReading(name, { Namespace, MetricName, Dimensions }, Period, Statistic, Unit, 'm1');
  }
  const { Expression: expression, MetricStat: stat, Id: id = 'm1' } = query;
  if (queries.length > 1 || (expression !== undefined && !/^\s*SELECT\s/i.test(expression))) {
    throw new UnsupportedAlarm(`alarm ${name}: metric math is not evaluated in the sandbox`);
  }
  if (expression === undefined) {
    return metricReading(name, stat?.Metric ?? {}, stat?.Period, stat?.Stat, stat?.Unit, id);
  }
  const period = query.Period ?? 60;
  const label = query.Label === undefined ? {} : { label: query.Label };
  return {
    periodSeconds: period,
    source: { kind: 'insights', query: parseInsights(expression) },
    metrics: [{ id, expression, returnData: true, period, ...label }],
  };
}

type Metric = NonNullable<NonNullable<NonNullable<MetricAlarm['Metrics']>[number]['MetricStat']>['Metric']>;

function metricReading(
  name: string,
  { Namespace: namespace = '', MetricName: metric = '', Dimensions: list = [] }: Metric,
  periodSeconds: number | undefined,
  stat: string | undefined,
  unit: string | undefined,
  id: string,
): Reading {
  const statistic = STATISTICS.find((known) => known === stat);
  if (statistic === undefined || periodSeconds === undefined) {
    throw new UnsupportedAlarm(`alarm ${name}: statistic ${stat}, the sandbox knows ${STATISTICS.join(', ')}`);
  }
  const dimensions = Object.fromEntries(list.map(({ Name = '', Value = '' }) => [Name, Value]));
  const metricStat = {
    metric: { namespace, name: metric, dimensions },
    period: periodSeconds,
    stat: statistic,
    ...(unit === undefined ? {} : { unit }),
  };
  return {
    periodSeconds,
    source: { kind: 'metric', namespace, metric, dimensions, statistic },
    metrics: [{ id, metricStat, returnData: true }],
  };
}
