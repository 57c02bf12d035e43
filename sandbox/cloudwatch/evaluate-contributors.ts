import {
  type AlarmState,
  type Change,
  type ContributorState,
  changesBetween,
  contributorId,
  type Evaluation,
  entered,
  type StateRecord,
} from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import { type AlarmRule, evaluate, stateWithoutData } from './evaluate.ts';
import type { InsightsSeries } from './insights.ts';
import { contributorReason, emptyQueryReason, evaluatedPoints } from './reason.ts';
import type { Window } from './statistics.ts';

/** Evaluates each time series that a query returned by itself, and the alarm by all of them. */
export function evaluateContributors(
  alarm: AlarmDefinition,
  series: readonly InsightsSeries[],
  window: Window,
  known: AlarmState,
  nowMillis: number,
): Evaluation {
  const { rule } = alarm;
  const contributors = new Map<string, ContributorState>();
  const changes: Change[] = [];
  for (const { attributes, values } of series) {
    const id = contributorId(alarm.arn, attributes);
    const before = known.contributors.get(id)?.state ?? unseen(nowMillis);
    const value = evaluate(rule, values, before.value);
    const reason = contributorReason(rule, value, evaluatedPoints(rule, values, window));
    const state = entered(before, { value, reason, sinceMillis: nowMillis });
    contributors.set(id, { id, attributes, state });
    changes.push(...changesBetween(before, state, { id, attributes }));
  }
  for (const { id, attributes, state } of known.contributors.values()) {
    if (!contributors.has(id)) changes.push(...changesBetween(state, vanished(nowMillis), { id, attributes }));
  }
  const state = entered(known.state, overall(rule, [...contributors.values()], known.state, nowMillis));
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

/** The alarm itself: ALARM while any contributor is; without any series, what its treatment of missing data says. */
function overall(
  { treatMissing }: AlarmRule,
  contributors: readonly ContributorState[],
  before: StateRecord,
  nowMillis: number,
): StateRecord {
  const count = contributors.length;
  if (count === 0) {
    const value = stateWithoutData(treatMissing, before.value);
    return { value, reason: emptyQueryReason(treatMissing), sinceMillis: nowMillis };
  }
  const inAlarm = contributors.filter((contributor) => contributor.state.value === 'ALARM').length;
  return inAlarm === 0
    ? { value: 'OK', reason: `${count} time series evaluated to OK`, sinceMillis: nowMillis }
    : { value: 'ALARM', reason: `${inAlarm} out of ${count} time series evaluated to ALARM`, sinceMillis: nowMillis };
}
