import * as z from 'zod/mini';
import type { AlarmSource } from './alarm-source.ts';
import type { AlarmDefinition } from './definition.ts';
import { evaluationRange } from './evaluation-range.ts';
import { boolean, number } from './input.ts';
import { matchingSeries } from './insights.ts';
import type { MetricStore, Series } from './store.ts';
import { Unsupported } from './unsupported.ts';

/** How long a new alarm waits before it evaluates. */
export interface WarmUp {
  readonly minutes: number;
  /** Whether it waits all of that time, or only until data fill its evaluation window. */
  readonly whole: boolean;
}

const MOST_MINUTES = 2880;
const configuration = z.object({
  WarmUpConfiguration: z.optional(
    z.object({
      WarmUpPeriodDurationInMinutes: number.check(z.minimum(1), z.maximum(MOST_MINUTES)),
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: z._default(boolean, false),
    }),
  ),
});

/** The `WarmUpConfiguration` of a PutMetricAlarm request; undefined where it has none. Throws {@link Unsupported}. */
export function readWarmUp(input: unknown): WarmUp | undefined {
  const parsed = configuration.safeParse(input);
  if (!parsed.success) throw new Unsupported(`WarmUpPeriodDurationInMinutes: allowed are 1 to ${MOST_MINUTES}`);
  const { WarmUpConfiguration: given } = parsed.data;
  if (given === undefined) return undefined;
  return { minutes: given.WarmUpPeriodDurationInMinutes, whole: given.OnlyStartEvaluatingAfterWarmUpPeriodEnds };
}

/** Whether an alarm still waits, `createdAtMillis` being when it was made. */
export function isWarmingUp(
  { minutes, whole }: WarmUp,
  createdAtMillis: number,
  alarm: AlarmDefinition,
  store: MetricStore,
  nowMillis: number,
): boolean {
  if (nowMillis >= createdAtMillis + minutes * 60_000) return false;
  return whole || !isWindowFull(alarm, store, nowMillis);
}

/**
 * Data began a whole window ago or earlier, and the most recent period has a datapoint. AWS: the window is "Period
 * multiplied by Evaluation Periods", and of a resource that publishes from 10:04 a window of 15 minutes is full at 10:19.
 */
function isWindowFull(alarm: AlarmDefinition, store: MetricStore, nowMillis: number): boolean {
  const { periodSeconds, rule } = alarm;
  const { endMillis } = evaluationRange(alarm, nowMillis);
  const periodMillis = periodSeconds * 1000;
  const times = seriesOf(alarm.source, store)
    .flatMap(({ points }) => points.map((point) => point.atMillis))
    .filter((atMillis) => atMillis < endMillis);
  const began = times.some((atMillis) => atMillis <= endMillis - rule.evaluationPeriods * periodMillis);
  return began && times.some((atMillis) => atMillis >= endMillis - periodMillis);
}

function seriesOf(source: AlarmSource, store: MetricStore): Series[] {
  switch (source.kind) {
    case 'metric':
      return [store.find(source.namespace, source.metric, source.dimensions)].filter((one) => one !== undefined);
    case 'insights':
      return matchingSeries(source.query, store);
    case 'math':
      return [...source.metrics.values()].flatMap((metric) => seriesOf({ kind: 'metric', ...metric }, store));
  }
}
