import { type AlarmState, changesBetween, type Evaluation, entered } from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import { evaluate } from './evaluate.ts';
import { evaluateContributors } from './evaluate-contributors.ts';
import { evaluationRange } from './evaluation-range.ts';
import { runInsights } from './insights.ts';
import { hasContributors, readValues } from './read-values.ts';
import { evaluatedPoints, stateReason } from './reason.ts';
import { reasonData } from './reason-data.ts';
import type { MetricStore } from './store.ts';

/** Evaluates an alarm over the periods that are closed at `nowMillis`. */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  store: MetricStore,
  known: AlarmState,
  nowMillis: number,
): Evaluation {
  const window = evaluationRange(alarm, nowMillis);
  const { source, rule } = alarm;
  if (source.kind === 'insights' && hasContributors(source)) {
    return evaluateContributors(alarm, runInsights(source.query, store, window), window, known, nowMillis);
  }
  const values = readValues(source, store, window);
  const value = evaluate(rule, values, known.state.value);
  const points = evaluatedPoints(rule, values, window);
  const judged = {
    value,
    reason: stateReason(rule, value, points),
    reasonData: reasonData(alarm, points, window, nowMillis),
    sinceMillis: nowMillis,
  };
  const state = entered(known.state, judged);
  return { next: { state, contributors: new Map() }, changes: changesBetween(known.state, state) };
}
