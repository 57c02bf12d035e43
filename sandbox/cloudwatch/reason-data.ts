import { offsetTime } from './aws-time.ts';
import type { AlarmDefinition } from './definition.ts';
import type { EvaluatedPoint } from './reason.ts';
import { periodStarts, type Window } from './statistics.ts';

/** The datapoints that decided a state, as the JSON text that CloudWatch puts beside the reason of one time series. */
export function reasonData(
  alarm: AlarmDefinition,
  points: readonly EvaluatedPoint[],
  window: Window,
  nowMillis: number,
): string {
  const { source, periodSeconds, rule } = alarm;
  const oldest = points.at(-1);
  return JSON.stringify({
    version: '1.0',
    queryDate: offsetTime(nowMillis),
    ...(oldest === undefined ? {} : { startDate: offsetTime(oldest.atMillis) }),
    // AWS's examples of metric math and of queries have no statistic here
    ...(source.kind === 'metric' ? { statistic: source.statistic } : {}),
    period: periodSeconds,
    recentDatapoints: points.map((point) => point.value).reverse(),
    threshold: rule.threshold,
    evaluatedDatapoints: evaluated(points, window, rule.evaluationPeriods),
  });
}

/** Newest first; where nothing was received, the periods that were asked for. */
function evaluated(points: readonly EvaluatedPoint[], window: Window, evaluationPeriods: number) {
  if (points.length > 0) return points.map(({ atMillis, value }) => ({ timestamp: offsetTime(atMillis), value }));
  const asked = periodStarts(window).slice(-evaluationPeriods).reverse();
  return asked.map((atMillis) => ({ timestamp: offsetTime(atMillis) }));
}
