import * as z from 'zod/mini';
import { dimensions, number, time } from './input.ts';
import { combine, type Sample } from './statistics.ts';
import type { Datum } from './store.ts';

const statisticSet = z.object({ SampleCount: number, Sum: number, Minimum: number, Maximum: number });
const datum = z.object({
  MetricName: z.string(),
  Dimensions: dimensions,
  Timestamp: z.optional(time),
  Value: z.optional(number),
  Values: z.optional(z.array(number)),
  Counts: z.optional(z.array(number)),
  StatisticValues: z.optional(statisticSet),
  Unit: z.optional(z.string()),
});
const request = z.object({ Namespace: z.string(), MetricData: z._default(z.array(datum), []) });

/**
 * The datapoints of a PutMetricData request (nested members). `toClock` maps a client's time to the sandbox's clock;
 * a datapoint without a time is of `nowMillis`. Empty for a request that cannot be read: the emulator answers that.
 */
export function readMetricData(input: unknown, nowMillis: number, toClock: (millis: number) => number): Datum[] {
  const parsed = request.safeParse(input);
  if (!parsed.success) return [];
  return parsed.data.MetricData.flatMap((one) => {
    const sample = sampleOf(one);
    const atMillis = one.Timestamp === undefined ? nowMillis : toClock(one.Timestamp);
    if (sample === undefined) return [];
    const { MetricName: metric, Dimensions, Unit: unit } = one;
    const unitGiven = unit === undefined ? {} : { unit };
    return [{ namespace: parsed.data.Namespace, metric, dimensions: Dimensions, atMillis, ...unitGiven, ...sample }];
  });
}

function sampleOf(one: z.infer<typeof datum>): Sample | undefined {
  if (one.StatisticValues !== undefined) {
    const { SampleCount: count, Sum: sum, Minimum: min, Maximum: max } = one.StatisticValues;
    return { count, sum, min, max };
  }
  const values = one.Values ?? (one.Value === undefined ? [] : [one.Value]);
  return combine(
    values.map((value, index) => {
      const count = one.Counts?.[index] ?? 1;
      return { count, sum: value * count, min: value, max: value };
    }),
  );
}
