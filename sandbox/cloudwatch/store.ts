import type { Datapoint } from './statistics.ts';

export type Dimensions = Readonly<Record<string, string>>;

/** One datapoint of one metric, as PutMetricData brings it. */
export interface Datum extends Datapoint {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
}

/** One metric with one set of dimension values, and its datapoints in the order in which they came. */
export interface Series {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly points: readonly Datapoint[];
}

/** As far back as the longest alarm looks: 7 days, and 2 periods of a day in case that recent ones are missing. */
export const KEPT_MILLIS = 9 * 24 * 60 * 60 * 1000;

/** The metrics of the last 9 days of the sandbox's clock. */
export class MetricStore {
  readonly #series = new Map<string, Series & { points: Datapoint[] }>();

  put(datum: Datum): void {
    const { namespace, metric, dimensions, ...point } = datum;
    const key = seriesKey(namespace, metric, dimensions);
    const series = this.#series.get(key) ?? { namespace, metric, dimensions, points: [] };
    series.points.push(point);
    this.#series.set(key, series);
  }

  putAll(data: readonly Datum[]): void {
    for (const datum of data) this.put(datum);
  }

  /** The series with exactly these dimensions. */
  find(namespace: string, metric: string, dimensions: Dimensions): Series | undefined {
    return this.#series.get(seriesKey(namespace, metric, dimensions));
  }

  /** Every series of a metric, whatever its dimensions. */
  seriesOf(namespace: string, metric: string): Series[] {
    return [...this.#series.values()].filter((series) => series.namespace === namespace && series.metric === metric);
  }

  /** Drops what is older than 9 days at `nowMillis`. */
  forgetOld(nowMillis: number): void {
    const isKept = (point: Datapoint): boolean => point.atMillis >= nowMillis - KEPT_MILLIS;
    for (const [key, series] of this.#series) {
      if (series.points.every(isKept)) continue;
      series.points = series.points.filter(isKept);
      if (series.points.length === 0) this.#series.delete(key);
    }
  }
}

function seriesKey(namespace: string, metric: string, dimensions: Dimensions): string {
  const sorted = Object.entries(dimensions).sort(([left], [right]) => (left < right ? -1 : 1));
  return JSON.stringify([namespace, metric, sorted]);
}
