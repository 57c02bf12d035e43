import * as z from 'zod/mini';
import { runInsights } from './insights.ts';
import { parseInsights, UnsupportedQuery } from './insights-parser.ts';
import { time } from './input.ts';
import { type MetricQuery, metricQuery } from './metric-query.ts';
import { knownStatistic, readMetric } from './metric-source.ts';
import type { Result } from './protocol.ts';
import { periodStarts, type Window } from './statistics.ts';
import { KEPT_MILLIS, type MetricStore } from './store.ts';

/** How far ahead of now CloudWatch takes datapoints. */
const FARTHEST_AHEAD_MILLIS = 2 * 60 * 60 * 1000;

const request = z.object({
  MetricDataQueries: z.array(metricQuery),
  StartTime: time,
  EndTime: time,
  ScanBy: z.optional(z.string()),
});

/**
 * The results of a GetMetricData request (nested members) from the sandbox's own store; undefined where it asks for
 * something else than single metrics and Metrics Insights. Throws {@link UnsupportedQuery}. `toClock` maps the client's
 * times; the timestamps of the results are the sandbox's.
 */
export function getMetricData(
  input: unknown,
  store: MetricStore,
  nowMillis: number,
  toClock: (millis: number) => number,
): Result | undefined {
  const parsed = request.safeParse(input);
  if (!parsed.success) return undefined;
  const { MetricDataQueries: queries, StartTime, EndTime, ScanBy } = parsed.data;
  if (!queries.every(isOwn)) return undefined;
  // There is no datapoint outside of these; and a range since 1970 would be millions of periods.
  const range = {
    startMillis: Math.max(toClock(StartTime), nowMillis - KEPT_MILLIS),
    endMillis: Math.min(toClock(EndTime), nowMillis + FARTHEST_AHEAD_MILLIS),
  };
  const newestFirst = ScanBy !== 'TimestampAscending';
  const wanted = queries.filter((one) => one.ReturnData ?? true);
  return { MetricDataResults: wanted.flatMap((one) => resultsOf(one, store, range, newestFirst)) };
}

function isOwn({ Expression, MetricStat }: MetricQuery): boolean {
  if (MetricStat !== undefined) return knownStatistic(MetricStat.Stat) !== undefined;
  return Expression !== undefined && /^\s*SELECT\s/i.test(Expression);
}

function resultsOf(
  one: MetricQuery,
  store: MetricStore,
  range: Omit<Window, 'periodSeconds'>,
  newestFirst: boolean,
): Result[] {
  const { Id, Expression, MetricStat, Label } = one;
  if (MetricStat !== undefined) {
    const window = alignedWindow(range, MetricStat.Period);
    const { Namespace: namespace, MetricName: metric, Dimensions: dimensions } = MetricStat.Metric;
    const unit = MetricStat.Unit === undefined ? {} : { unit: MetricStat.Unit };
    const statistic = knownStatistic(MetricStat.Stat) ?? 'Average';
    const values = readMetric({ namespace, metric, dimensions, statistic, ...unit }, store, window);
    return [resultOf(Id, Label ?? metric, values, window, newestFirst)];
  }
  const window = alignedWindow(range, one.Period ?? 60);
  const insights = parseInsights(Expression ?? '');
  return runInsights(insights, store, window).map(({ attributes, values }) => {
    const groupLabel = insights.groupBy.map((name) => attributes[name]).join(' ');
    return resultOf(Id, groupLabel === '' ? (Label ?? insights.metric) : groupLabel, values, window, newestFirst);
  });
}

function alignedWindow(range: Omit<Window, 'periodSeconds'>, periodSeconds: number): Window {
  if (periodSeconds <= 0) throw new UnsupportedQuery(`period ${periodSeconds} s, allowed is 1 and more`);
  const periodMillis = periodSeconds * 1000;
  return { ...range, startMillis: Math.floor(range.startMillis / periodMillis) * periodMillis, periodSeconds };
}

function resultOf(
  id: string,
  label: string,
  values: readonly (number | undefined)[],
  window: Window,
  newestFirst: boolean,
): Result {
  const found = periodStarts(window).flatMap((atMillis, index) => {
    const value = values[index];
    return value === undefined ? [] : [{ at: new Date(atMillis), value }];
  });
  if (newestFirst) found.reverse();
  return {
    Id: id,
    Label: label,
    Timestamps: found.map(({ at }) => at),
    Values: found.map(({ value }) => value),
    StatusCode: 'Complete',
  };
}
