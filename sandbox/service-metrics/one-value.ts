import type { Datum, Dimensions } from '../cloudwatch/store.ts';

/** A metric as an AWS service or a log line puts it. */
export interface NamedMetric {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Dimensions;
  readonly unit: string;
}

/** One value of a metric at a moment, epoch milliseconds. */
export function oneValue(named: NamedMetric, value: number, atMillis: number): Datum {
  return { ...named, atMillis, count: 1, sum: value, min: value, max: value };
}
