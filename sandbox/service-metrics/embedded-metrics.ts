import * as z from 'zod/mini';
import type { Datum } from '../cloudwatch/store.ts';
import { oneValue } from './one-value.ts';

const directive = z.object({
  Namespace: z.string(),
  Dimensions: z.array(z.array(z.string())),
  Metrics: z.array(z.object({ Name: z.string(), Unit: z._default(z.string(), 'None') })),
});
const root = z.looseObject({
  _aws: z.object({ Timestamp: z.number(), CloudWatchMetrics: z.array(directive) }),
});

/**
 * The metrics in a log line of CloudWatch's embedded metric format; none in any other line, for the format must be "a valid
 * JSON object with no additional data at the beginning or end".
 * Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function embeddedMetrics(line: string): Datum[] {
  if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) return [];
  const parsed = root.safeParse(parse(line));
  if (!parsed.success) return [];
  const { _aws, ...members } = parsed.data;
  return _aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = dimensionsOf(names, members);
      if (dimensions === undefined) return [];
      return Metrics.flatMap(({ Name: metric, Unit: unit }) =>
        numbersOf(members[metric]).map((value) =>
          oneValue({ namespace, metric, dimensions, unit }, value, _aws.Timestamp),
        ),
      );
    }),
  );
}

/** Undefined where a dimension has no target: "The target member MUST have a string value." */
function dimensionsOf(names: readonly string[], members: Record<string, unknown>): Record<string, string> | undefined {
  const found: Record<string, string> = {};
  for (const name of names) {
    const value = members[name];
    if (typeof value !== 'string') return undefined;
    found[name] = value;
  }
  return found;
}

/** "Metric targets MUST be either a numeric value or an array of numeric values." */
function numbersOf(value: unknown): number[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((one) => typeof one === 'number');
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
