/** What is kept of one or more values that were put together. */
export interface Sample {
  readonly count: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** A sample at a moment of the sandbox's clock. */
export interface Datapoint extends Sample {
  readonly atMillis: number;
  /** CloudWatch's name of the unit; absent is `None`. */
  readonly unit?: string;
}

/** Consecutive periods, oldest first; the last one ends before `endMillis`. */
export interface Window {
  readonly startMillis: number;
  readonly endMillis: number;
  readonly periodSeconds: number;
}

export type Statistic = 'Average' | 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount';

/** The statistics that are computed here; percentiles and trimmed means are not. */
export const STATISTICS: readonly Statistic[] = ['Average', 'Sum', 'Minimum', 'Maximum', 'SampleCount'];

/** Samples as one; undefined where there is none. */
export function combine(samples: readonly Sample[]): Sample | undefined {
  if (samples.length === 0) return undefined;
  return {
    count: samples.reduce((total, sample) => total + sample.count, 0),
    sum: samples.reduce((total, sample) => total + sample.sum, 0),
    min: Math.min(...samples.map((sample) => sample.min)),
    max: Math.max(...samples.map((sample) => sample.max)),
  };
}

export function statisticOf(sample: Sample, statistic: Statistic): number {
  switch (statistic) {
    case 'Average':
      return sample.sum / sample.count;
    case 'Sum':
      return sample.sum;
    case 'Minimum':
      return sample.min;
    case 'Maximum':
      return sample.max;
    case 'SampleCount':
      return sample.count;
  }
}

/** Start of each period of a window, epoch milliseconds. */
export function periodStarts(window: Window): number[] {
  const periodMillis = window.periodSeconds * 1000;
  const count = Math.max(0, Math.ceil((window.endMillis - window.startMillis) / periodMillis));
  return Array.from({ length: count }, (_, index) => window.startMillis + index * periodMillis);
}

/** One value per period of the window, oldest first; undefined where a period has no datapoint. */
export function valuesByPeriod(
  points: readonly Datapoint[],
  window: Window,
  statistic: Statistic,
): (number | undefined)[] {
  const periodMillis = window.periodSeconds * 1000;
  const byPeriod = periodStarts(window).map((): Datapoint[] => []);
  for (const point of points) {
    if (point.atMillis < window.startMillis) continue;
    byPeriod[Math.floor((point.atMillis - window.startMillis) / periodMillis)]?.push(point);
  }
  return byPeriod.map((inPeriod) => {
    const sample = combine(inPeriod);
    return sample === undefined ? undefined : statisticOf(sample, statistic);
  });
}
