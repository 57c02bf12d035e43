import type { AlarmDefinition } from './definition.ts';
import { EXTRA_PERIODS } from './evaluate.ts';
import type { Window } from './statistics.ts';

const HOUR_MILLIS = 3_600_000;
/** "Only the latest 3 hours of data can be used for evaluating" a query's conditions. */
const INSIGHTS_SECONDS = 3 * 3600;

/**
 * The closed periods that are read. They end at the last full minute, so that long ones slide; those shorter than a minute
 * at their own last boundary; those of an alarm over more than a day at the last full hour. What arrives after its period
 * was closed counts at the next evaluation.
 */
export function evaluationRange({ periodSeconds, rule, source }: AlarmDefinition, nowMillis: number): Window {
  const overDays = periodSeconds * rule.evaluationPeriods > 24 * 3600;
  const stepMillis = overDays ? HOUR_MILLIS : Math.min(periodSeconds, 60) * 1000;
  const endMillis = Math.floor(nowMillis / stepMillis) * stepMillis;
  const wanted = rule.evaluationPeriods + EXTRA_PERIODS;
  const periods = source.kind === 'insights' ? Math.min(wanted, Math.floor(INSIGHTS_SECONDS / periodSeconds)) : wanted;
  return { startMillis: endMillis - periods * periodSeconds * 1000, endMillis, periodSeconds };
}
