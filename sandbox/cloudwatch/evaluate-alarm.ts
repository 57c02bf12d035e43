import {
  type AlarmState,
  type Change,
  type ContributorState,
  contributorId,
  entered,
  type StateRecord,
} from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import { type AlarmStateValue, EXTRA_PERIODS, evaluate } from './evaluate.ts';
import { type InsightsSeries, runInsights } from './insights.ts';
import { evaluatedPoints, stateReason } from './reason.ts';
import { reasonData } from './reason-data.ts';
import { type Statistic, valuesByPeriod, type Window } from './statistics.ts';
import type { MetricStore } from './store.ts';

/** The next state of an alarm and the changes that lead there, contributors first. */
export interface Evaluation {
  readonly next: AlarmState;
  readonly changes: readonly Change[];
}

/** Evaluates an alarm over the periods that are closed at `nowMillis`. */
export function evaluateAlarm(
  alarm: AlarmDefinition,
  store: MetricStore,
  known: AlarmState,
  nowMillis: number,
): Evaluation {
  const window = closedPeriods(alarm, nowMillis);
  const { source } = alarm;
  if (source.kind === 'metric') {
    const points = store.find(source.namespace, source.metric, source.dimensions)?.points ?? [];
    const values = valuesByPeriod(points, window, source.statistic);
    return single(known, judge(alarm, source.statistic, values, window, known.state.value, nowMillis));
  }
  const series = runInsights(source.query, store, window);
  const { statistic, groupBy } = source.query;
  if (groupBy.length === 0) {
    const values = series[0]?.values ?? [];
    return single(known, judge(alarm, statistic, values, window, known.state.value, nowMillis));
  }
  return grouped(alarm, statistic, series, window, known, nowMillis);
}

/**
 * Periods of a minute and more end at the last full minute, so that long ones slide; shorter ones end at their own
 * last boundary. What arrives after its period was closed counts at the next evaluation.
 */
function closedPeriods(alarm: AlarmDefinition, nowMillis: number): Window {
  const { periodSeconds, rule } = alarm;
  const stepMillis = Math.min(periodSeconds, 60) * 1000;
  const endMillis = Math.floor(nowMillis / stepMillis) * stepMillis;
  const periods = rule.evaluationPeriods + EXTRA_PERIODS;
  return { startMillis: endMillis - periods * periodSeconds * 1000, endMillis, periodSeconds };
}

function judge(
  alarm: AlarmDefinition,
  statistic: Statistic,
  values: readonly (number | undefined)[],
  window: Window,
  current: AlarmStateValue,
  nowMillis: number,
): StateRecord {
  const value = evaluate(alarm.rule, values, current);
  const points = evaluatedPoints(alarm.rule, values, window);
  return {
    value,
    reason: stateReason(alarm.rule, value, points),
    reasonData: reasonData(alarm, statistic, points, nowMillis),
    sinceMillis: nowMillis,
  };
}

function single(known: AlarmState, judged: StateRecord): Evaluation {
  const state = entered(known.state, judged);
  return { next: { state, contributors: new Map() }, changes: changesBetween(known.state, state) };
}

function grouped(
  alarm: AlarmDefinition,
  statistic: Statistic,
  series: readonly InsightsSeries[],
  window: Window,
  known: AlarmState,
  nowMillis: number,
): Evaluation {
  const contributors = new Map<string, ContributorState>();
  const changes: Change[] = [];
  for (const { attributes, values } of series) {
    const id = contributorId(alarm.arn, attributes);
    const before = known.contributors.get(id)?.state ?? unseen(nowMillis);
    const judged = judge(alarm, statistic, values, window, before.value, nowMillis);
    const state = entered(before, judged);
    contributors.set(id, { id, attributes, state });
    changes.push(...changesBetween(before, state, { id, attributes }));
  }
  for (const { id, attributes, state } of known.contributors.values()) {
    if (!contributors.has(id)) changes.push(...changesBetween(state, vanished(nowMillis), { id, attributes }));
  }
  const state = entered(known.state, overall([...contributors.values()], nowMillis));
  return { next: { state, contributors }, changes: [...changes, ...changesBetween(known.state, state)] };
}

/** A contributor that is seen for the first time was not in ALARM before. */
function unseen(nowMillis: number): StateRecord {
  return { value: 'OK', reason: 'Unchecked: first seen', sinceMillis: nowMillis };
}

/** A contributor without data is OK, however missing data is treated. */
function vanished(nowMillis: number): StateRecord {
  return { value: 'OK', reason: 'No data was returned for this contributor', sinceMillis: nowMillis };
}

/** The alarm itself: ALARM while any contributor is; without any series INSUFFICIENT_DATA, however missing data is treated. */
function overall(contributors: readonly ContributorState[], nowMillis: number): StateRecord {
  if (contributors.length === 0) {
    return { value: 'INSUFFICIENT_DATA', reason: 'No data was returned by the query', sinceMillis: nowMillis };
  }
  const inAlarm = contributors.filter((contributor) => contributor.state.value === 'ALARM').length;
  return {
    value: inAlarm > 0 ? 'ALARM' : 'OK',
    reason: `${inAlarm} out of ${contributors.length} time series evaluated to ALARM`,
    sinceMillis: nowMillis,
  };
}

function changesBetween(before: StateRecord, after: StateRecord, contributor?: Change['contributor']): Change[] {
  if (before.value === after.value) return [];
  return [{ before, after, ...(contributor === undefined ? {} : { contributor }) }];
}
