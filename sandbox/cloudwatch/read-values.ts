import type { AlarmSource } from './alarm-source.ts';
import { runInsights } from './insights.ts';
import { runMath } from './math/run-math.ts';
import { readMetric } from './metric-source.ts';
import type { Window } from './statistics.ts';
import type { MetricStore } from './store.ts';

/** Whether each time series of the source has a state of its own. */
export function hasContributors(source: AlarmSource): boolean {
  return source.kind === 'insights' && source.query.groupBy.length > 0;
}

/** The values of a source that is one time series: one per period of the window, oldest first, undefined for missing. */
export function readValues(source: AlarmSource, store: MetricStore, window: Window): readonly (number | undefined)[] {
  switch (source.kind) {
    case 'metric':
      return readMetric(source, store, window);
    case 'insights':
      return runInsights(source.query, store, window)[0]?.values ?? [];
    case 'math': {
      const { watched, expressions, metrics } = source;
      const values = [...metrics].map(([id, metric]) => [id, readMetric(metric, store, window)] as const);
      return runMath(watched, { expressions, metrics: new Map(values) });
    }
  }
}
