import type { InsightsQuery } from './insights-parser.ts';
import { type Datapoint, combine, statisticOf, valuesByPeriod, type Window } from './statistics.ts';
import type { Dimensions, MetricStore, Series } from './store.ts';

/** One time series that a query returned. */
export interface InsightsSeries {
  /** Value of each dimension that the query groups by; empty where it does not group. */
  readonly attributes: Dimensions;
  /** One value per period of the window, oldest first. */
  readonly values: readonly (number | undefined)[];
}

/** What CloudWatch calls the group of series that lack a dimension that is grouped by. */
const WITHOUT_LABEL = 'Other';

/** Runs a query over a window; series without a datapoint in it are not returned. */
export function runInsights(query: InsightsQuery, store: MetricStore, window: Window): InsightsSeries[] {
  const groups = new Map<string, { attributes: Dimensions; points: Datapoint[] }>();
  for (const series of matchingSeries(query, store)) {
    const inWindow = series.points.filter((at) => at.atMillis >= window.startMillis && at.atMillis < window.endMillis);
    if (inWindow.length === 0) continue;
    const attributes = Object.fromEntries(
      query.groupBy.map((label) => [label, series.dimensions[label] ?? WITHOUT_LABEL]),
    );
    const key = groupLabel(query, attributes);
    const group = groups.get(key) ?? { attributes, points: [] };
    group.points.push(...inWindow);
    groups.set(key, group);
  }
  return [...groups.entries()]
    .map(([label, group]) => ({ label, ...group, rank: rankOf(query, group.points) }))
    .sort((left, right) => left.rank - right.rank || compareText(left.label, right.label))
    .slice(0, query.limit)
    .map(({ attributes, points }) => ({ attributes, values: valuesByPeriod(points, window, query.statistic) }));
}

/** Every series that a query is about. */
export function matchingSeries(query: InsightsQuery, store: MetricStore): Series[] {
  return store.seriesOf(query.namespace, query.metric).filter((series) => isMatch(query, series));
}

function isMatch(query: InsightsQuery, series: Series): boolean {
  const { dimensions } = series;
  const { schema } = query;
  const names = Object.keys(dimensions);
  if (schema !== undefined && (names.length !== schema.length || !schema.every((name) => name in dimensions))) {
    return false;
  }
  return query.where.every(({ label, equal, value }) => (dimensions[label] === value) === equal);
}

/** Smaller comes first. Without ORDER BY all are equal and the labels decide. */
function rankOf(query: InsightsQuery, points: readonly Datapoint[]): number {
  const sample = combine(points);
  if (query.orderBy === undefined || sample === undefined) return 0;
  const value = statisticOf(sample, query.orderBy.statistic);
  return query.orderBy.descending ? -value : value;
}

/** The group's values in the order of GROUP BY. */
function groupLabel(query: InsightsQuery, attributes: Dimensions): string {
  return query.groupBy.map((label) => attributes[label]).join(' ');
}

function compareText(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
