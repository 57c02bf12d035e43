import * as z from 'zod/mini';
import { COMPARISON_NAMES, TREATMENTS } from './evaluate.ts';
import { boolean, dimensions, number } from './input.ts';
import { metricQuery } from './metric-query.ts';
import { Unsupported } from './unsupported.ts';

const settings = z.object({
  AlarmName: z.string(),
  AlarmArn: z.optional(z.string()),
  AlarmDescription: z.optional(z.string()),
  ActionsEnabled: z.optional(boolean),
  OKActions: z.optional(z.array(z.string())),
  AlarmActions: z.optional(z.array(z.string())),
  InsufficientDataActions: z.optional(z.array(z.string())),
  Namespace: z.optional(z.string()),
  MetricName: z.optional(z.string()),
  Dimensions: dimensions,
  Statistic: z.optional(z.string()),
  Period: z.optional(number),
  Unit: z.optional(z.string()),
  Metrics: z.optional(z.array(metricQuery)),
  EvaluationPeriods: number,
  DatapointsToAlarm: z.optional(number),
  Threshold: number,
  ComparisonOperator: z.enum(COMPARISON_NAMES),
  TreatMissingData: z.optional(z.enum(TREATMENTS)),
});

/** What PutMetricAlarm sets and DescribeAlarms tells of an alarm, of the forms that the sandbox evaluates. */
export type AlarmSettings = z.infer<typeof settings>;

/** An alarm of a form that the sandbox does not evaluate; the message says which alarm and what about it. */
export class UnsupportedAlarm extends Unsupported {}

/** Settings beside the schema's that change nothing here: tags, and what belongs to the state. */
const WITHOUT_EFFECT = ['Tags', 'WarmUpConfiguration', 'Action', 'Version'];

/** Reads an alarm's settings, from JSON, Query or the SDK; throws {@link UnsupportedAlarm}. */
export function readSettings(input: unknown): AlarmSettings {
  const parsed = settings.safeParse(input);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map((issue) => {
    const allowed = issue.code === 'invalid_value' ? `, allowed are ${issue.values.map(String).join(', ')}` : '';
    return `${issue.path.map(String).join('.')} is ${show(valueAt(input, issue.path))}${allowed}`;
  });
  throw new UnsupportedAlarm(`alarm ${nameOf(input)}: ${problems.join('; ')}`);
}

/** Throws {@link UnsupportedAlarm} for a setting of PutMetricAlarm that the sandbox would pass over. */
export function refuseUnknownSettings(input: Readonly<Record<string, unknown>>): void {
  const queries: unknown[] = Array.isArray(input['Metrics']) ? input['Metrics'] : [];
  const unknown = [
    ...Object.keys(input).filter((key) => !(key in settings.shape) && !hasNoEffect(key, input[key])),
    ...queries.flatMap((one) => Object.keys(Object(one)).filter((key) => !(key in metricQuery.shape))),
  ];
  if (unknown.length > 0) {
    throw new UnsupportedAlarm(`alarm ${nameOf(input)}: ${unknown.join(', ')}: not evaluated in the sandbox`);
  }
}

function hasNoEffect(key: string, value: unknown): boolean {
  if (key === 'EvaluationWindow') return Object.keys(Object(value)).join() === 'SlidingWindow';
  return WITHOUT_EFFECT.includes(key);
}

function nameOf(input: unknown): string {
  const name = valueAt(input, ['AlarmName']);
  return typeof name === 'string' ? name : 'without a name';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => Reflect.get(Object(value), key), input);
}

function show(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value);
}
