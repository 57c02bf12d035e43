import { UnsupportedAlarm } from './alarm-settings.ts';
import type { MetricQuery } from './metric-query.ts';
import { knownStatistic, type MetricSource } from './metric-source.ts';
import { STATISTICS } from './statistics.ts';
import type { Dimensions } from './store.ts';

/** A metric and its statistic as PutMetricAlarm names them. */
export interface Stat {
  readonly Metric: { readonly Namespace: string; readonly MetricName: string; readonly Dimensions: Dimensions };
  readonly Period: number | undefined;
  readonly Stat: string | undefined;
  readonly Unit?: string | undefined;
}

/** The metric that an alarm names, and the period in seconds; throws {@link UnsupportedAlarm}. */
export function metricOf(name: string, stat: Stat | undefined): [MetricSource, number] {
  const { Metric, Period, Stat, Unit } = stat ?? {};
  const statistic = knownStatistic(Stat);
  if (Metric === undefined || Metric.MetricName === '' || Metric.Namespace === '') {
    throw refused(name, 'it names no metric');
  }
  if (statistic === undefined)
    throw refused(name, `statistic ${Stat ?? 'none'}, the sandbox knows ${STATISTICS.join(', ')}`);
  if (Period === undefined) throw refused(name, 'Period is missing');
  const { Namespace: namespace, MetricName: metric, Dimensions: dimensions } = Metric;
  return [{ namespace, metric, dimensions, statistic, ...(Unit === undefined ? {} : { unit: Unit }) }, Period];
}

/** A metric in `configuration.metrics` of an alarm's events. */
export function toldMetric(id: string, source: MetricSource, period: number, returnData: boolean) {
  const { namespace, metric, dimensions, statistic: stat, unit } = source;
  const metricStat = { metric: { namespace, name: metric, dimensions }, period, stat };
  return { id, metricStat: { ...metricStat, ...(unit === undefined ? {} : { unit }) }, returnData };
}

/** An expression in `configuration.metrics` of an alarm's events. */
export function toldExpression({ Id: id, Expression: expression, Label }: MetricQuery, returnData: boolean) {
  return { id, expression, returnData, ...(Label === undefined ? {} : { label: Label }) };
}

/** The error of an alarm. */
export function refused(name: string, problem: string): UnsupportedAlarm {
  return new UnsupportedAlarm(`alarm ${name}: ${problem}`);
}
