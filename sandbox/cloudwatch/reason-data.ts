import { offsetTime } from './aws-time.ts';
import type { AlarmDefinition } from './definition.ts';
import type { EvaluatedPoint } from './reason.ts';
import type { Statistic } from './statistics.ts';

/** The datapoints that decided a state, as the JSON text that CloudWatch puts beside the reason. */
export function reasonData(
  alarm: AlarmDefinition,
  statistic: Statistic,
  points: readonly EvaluatedPoint[],
  nowMillis: number,
): string {
  return JSON.stringify({
    version: '1.0',
    queryDate: offsetTime(nowMillis),
    startDate: offsetTime(points.at(-1)?.atMillis ?? nowMillis),
    statistic,
    period: alarm.periodSeconds,
    recentDatapoints: points.map((point) => point.value).reverse(),
    threshold: alarm.rule.threshold,
    evaluatedDatapoints: points.map((point) => ({ timestamp: offsetTime(point.atMillis), value: point.value })),
  });
}
