import { STATISTICS, type Statistic, valuesByPeriod, type Window } from './statistics.ts';
import type { Dimensions, MetricStore } from './store.ts';

/** One metric and the statistic that is read of it. */
export interface MetricSource {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly statistic: Statistic;
  /** Only datapoints of this unit count; absent: all. */
  readonly unit?: string;
}

/** The statistic of this name; undefined for one that is not computed here, such as a percentile. */
export function knownStatistic(name: string | undefined): Statistic | undefined {
  return STATISTICS.find((known) => known === name);
}

/** One value per period of the window, oldest first; undefined where a period has no datapoint. */
export function readMetric(source: MetricSource, store: MetricStore, window: Window): (number | undefined)[] {
  const { namespace, metric, dimensions, statistic, unit } = source;
  const points = store.find(namespace, metric, dimensions)?.points ?? [];
  const counted = unit === undefined ? points : points.filter((point) => (point.unit ?? 'None') === unit);
  return valuesByPeriod(counted, window, statistic);
}
