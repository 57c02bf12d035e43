import { type AlarmRule, type AlarmStateValue, comparisonWords, isBreaching } from './evaluate.ts';
import { periodStarts, type Window } from './statistics.ts';

/** A value with the start of its period. */
export interface EvaluatedPoint {
  readonly value: number;
  readonly atMillis: number;
}

/** The newest values that an evaluation rests on, newest first, at most as many as the rule evaluates. */
export function evaluatedPoints(
  rule: AlarmRule,
  values: readonly (number | undefined)[],
  window: Window,
): EvaluatedPoint[] {
  return periodStarts(window)
    .flatMap((atMillis, index) => {
      const value = values[index];
      return value === undefined ? [] : [{ value, atMillis }];
    })
    .slice(-rule.evaluationPeriods)
    .reverse();
}

/** Why an alarm or contributor is in `state`, in CloudWatch's words. */
export function stateReason(rule: AlarmRule, state: AlarmStateValue, points: readonly EvaluatedPoint[]): string {
  const { evaluationPeriods: last, datapointsToAlarm, threshold } = rule;
  if (points.length === 0) {
    if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${plural(last, 'datapoint')} were unknown.`;
    return `Threshold Crossed: no datapoints were received for ${plural(last, 'period')} and missing datapoints were treated as ${state === 'ALARM' ? '[Breaching]' : '[NonBreaching]'}.`;
  }
  const alarm = state === 'ALARM';
  const deciding = points.filter((point) => isBreaching(rule, point.value) === alarm);
  const listed = deciding.map((point) => `${decimal(point.value)} (${dayFirst(point.atMillis)})`).join(', ');
  const minimum = alarm ? datapointsToAlarm : last - datapointsToAlarm + 1;
  const direction = alarm ? 'OK -> ALARM' : 'ALARM -> OK';
  return (
    `Threshold Crossed: ${deciding.length} out of the last ${last} datapoints [${listed}] ` +
    `${deciding.length === 1 ? 'was' : 'were'}${alarm ? '' : ' not'} ${comparisonWords(rule.comparison)} ` +
    `the threshold (${decimal(threshold)}) (minimum ${plural(minimum, 'datapoint')} for ${direction} transition).`
  );
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function decimal(value: number): string {
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** `23/11/26 13:42:00`, in UTC. */
function dayFirst(atMillis: number): string {
  const [date = '', time = ''] = new Date(atMillis).toISOString().slice(2, 19).split('T');
  return `${date.split('-').reverse().join('/')} ${time}`;
}
