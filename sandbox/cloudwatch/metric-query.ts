import * as z from 'zod/mini';
import { boolean, dimensions, number } from './input.ts';

const metricStat = z.object({
  Metric: z.object({ Namespace: z.string(), MetricName: z.string(), Dimensions: dimensions }),
  Period: number,
  Stat: z.string(),
  Unit: z.optional(z.string()),
});

/** One item of an alarm's `Metrics` or of GetMetricData's queries: a metric, or an expression. */
export const metricQuery = z.object({
  Id: z.string(),
  Expression: z.optional(z.string()),
  MetricStat: z.optional(metricStat),
  Period: z.optional(number),
  Label: z.optional(z.string()),
  ReturnData: z.optional(boolean),
});

export type MetricQuery = z.infer<typeof metricQuery>;
