import type { AlarmSource, Reading } from './alarm-source.ts';
import { type MathNode, parseMath } from './math/parse-math.ts';
import { runMath } from './math/run-math.ts';
import type { MetricQuery } from './metric-query.ts';
import { metricOf, refused, toldExpression, toldMetric } from './metric-reading.ts';
import type { MetricSource } from './metric-source.ts';

/** AWS: "Alarms based on metric math expressions can reference a maximum of 10 metrics." */
const MOST_METRICS = 10;

/** Reads an alarm on metric math; throws `UnsupportedAlarm` or `UnsupportedMath`. */
export function mathReading(name: string, queries: readonly MetricQuery[]): Reading {
  const metrics = new Map<string, MetricSource>();
  const expressions = new Map<string, MathNode>();
  const periods = new Set<number>();
  const watched = queries.filter(({ ReturnData = true }) => ReturnData).map(({ Id }) => Id);
  const [watchedId = ''] = watched;
  const told = queries.map((query) => {
    const { Id: id, Expression: expression, MetricStat } = query;
    if (expression !== undefined) {
      expressions.set(id, parseMath(expression));
      return toldExpression(query, id === watchedId);
    }
    const [source, periodSeconds] = metricOf(name, MetricStat);
    metrics.set(id, source);
    periods.add(periodSeconds);
    return toldMetric(id, source, periodSeconds, id === watchedId);
  });
  const [periodSeconds = 60] = periods;
  if (watched.length !== 1)
    throw refused(name, `ReturnData is true for ${watched.length} of its Metrics, allowed is 1`);
  if (periods.size > 1)
    throw refused(name, `periods of ${[...periods].join(', ')} s, the sandbox knows one for all metrics`);
  if (metrics.size > MOST_METRICS) throw refused(name, `${metrics.size} metrics, allowed are ${MOST_METRICS}`);
  const source: AlarmSource = { kind: 'math', watched: watchedId, metrics, expressions };
  // an expression that makes no time series is found here, not at the first evaluation
  runMath(watchedId, { expressions, metrics: new Map([...metrics.keys()].map((id) => [id, []])) });
  return { source, periodSeconds, metrics: told };
}
