import type { AlarmSettings } from './alarm-settings.ts';
import { type InsightsQuery, parseInsights } from './insights-parser.ts';
import type { MathNode } from './math/parse-math.ts';
import { mathReading } from './math-reading.ts';
import { metricOf, type Stat, toldExpression, toldMetric } from './metric-reading.ts';
import type { MetricSource } from './metric-source.ts';

/** What an alarm reads: one metric, a Metrics Insights query, or metric math over several metrics. */
export type AlarmSource =
  | ({ readonly kind: 'metric' } & MetricSource)
  | { readonly kind: 'insights'; readonly query: InsightsQuery }
  | {
      readonly kind: 'math';
      /** `Id` of the expression that the alarm compares. */
      readonly watched: string;
      readonly metrics: ReadonlyMap<string, MetricSource>;
      readonly expressions: ReadonlyMap<string, MathNode>;
    };

/** What an alarm reads, how, and how its events tell it. */
export interface Reading {
  readonly source: AlarmSource;
  readonly periodSeconds: number;
  /** `configuration.metrics` of its events. */
  readonly metrics: readonly Readonly<Record<string, unknown>>[];
}

/** Reads what an alarm watches; throws {@link UnsupportedAlarm}, `UnsupportedQuery` or `UnsupportedMath`. */
export function readingOf(settings: AlarmSettings): Reading {
  const { AlarmName: name, Metrics: queries = [] } = settings;
  const [query, ...more] = queries;
  if (query === undefined) {
    const { Namespace = '', MetricName = '', Dimensions, Period, Statistic: Stat, Unit } = settings;
    return metricReading(name, 'm1', { Metric: { Namespace, MetricName, Dimensions }, Period, Stat, Unit });
  }
  const { Expression: expression, MetricStat, Id: id } = query;
  if (more.length === 0 && expression === undefined) return metricReading(name, id, MetricStat);
  if (more.length > 0 || expression === undefined || !/^\s*SELECT\s/i.test(expression)) {
    return mathReading(name, queries);
  }
  const periodSeconds = query.Period ?? 60;
  return {
    source: { kind: 'insights', query: parseInsights(expression) },
    periodSeconds,
    metrics: [{ ...toldExpression(query, true), period: periodSeconds }],
  };
}

function metricReading(name: string, id: string, stat: Stat | undefined): Reading {
  const [source, periodSeconds] = metricOf(name, stat);
  return {
    source: { kind: 'metric', ...source },
    periodSeconds,
    metrics: [toldMetric(id, source, periodSeconds, true)],
  };
}
