import { type AlarmRule, type AlarmStateValue, comparisonWords, isBreaching, type TreatMissing } from './evaluate.ts';
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

/** Why an alarm of one time series is in `state`, in CloudWatch's words. */
export function stateReason(rule: AlarmRule, state: AlarmStateValue, points: readonly EvaluatedPoint[]): string {
  const { evaluationPeriods: last, datapointsToAlarm } = rule;
  const deciding = decidingPoints(rule, state, points);
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${counted(last, 'datapoint', 'unknown')}.`;
  if (deciding === undefined) return filledReason(rule, points);
  const listed = deciding.map((point) => `${decimal(point.value)} (${dayFirst(point.atMillis)})`).join(', ');
  const minimum = state === 'ALARM' ? datapointsToAlarm : last - datapointsToAlarm + 1;
  const direction = state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK';
  return (
    `Threshold Crossed: ${deciding.length} out of the last ${last} datapoints [${listed}] ` +
    `${deciding.length === 1 ? 'was' : 'were'} ${comparedWords(rule, state)} ` +
    `(minimum ${plural(minimum, 'datapoint')} for ${direction} transition).`
  );
}

/** Why a contributor is in `state`: "a simplified state reason for each contributor", in AWS's words for ALARM. */
export function contributorReason(rule: AlarmRule, state: AlarmStateValue, points: readonly EvaluatedPoint[]): string {
  const deciding = decidingPoints(rule, state, points);
  const [newest] = deciding ?? [];
  if (deciding === undefined || newest === undefined) return filledReason(rule, points);
  const counts = `Threshold Crossed: ${plural(deciding.length, 'datapoint')} ${deciding.length === 1 ? 'was' : 'were'}`;
  const reason = `${counts} ${comparedWords(rule, state)}.`;
  if (state !== 'ALARM') return reason;
  const shown = `[${decimal(newest.value)} (${dayFirst(newest.atMillis)})]`;
  return `${reason} The most recent datapoint which crossed the threshold: ${shown}.`;
}

/** Why an alarm whose query returned no time series is in its state. */
export function emptyQueryReason(treatMissing: TreatMissing): string {
  const configured = { missing: 'Missing', ignore: 'Ignore', breaching: 'Breaching', notBreaching: 'NonBreaching' };
  return `No time series were returned by the query. Treat missing data is configured as [${configured[treatMissing]}].`;
}

/** The values that speak for the state; undefined where they are too few and what stands for the missing ones decided. */
function decidingPoints(
  rule: AlarmRule,
  state: AlarmStateValue,
  points: readonly EvaluatedPoint[],
): readonly EvaluatedPoint[] | undefined {
  const deciding = points.filter((point) => isBreaching(rule, point.value) === (state === 'ALARM'));
  const few = state === 'ALARM' && rule.treatMissing === 'breaching' && deciding.length < rule.datapointsToAlarm;
  return deciding.length === 0 || few ? undefined : deciding;
}

function filledReason({ evaluationPeriods: last, treatMissing }: AlarmRule, points: readonly EvaluatedPoint[]): string {
  const received =
    points.length === 0 ? 'no datapoints were received' : counted(points.length, 'datapoint', 'received');
  const filled = counted(last - points.length, 'missing datapoint', 'treated as');
  const treated = treatMissing === 'breaching' ? 'Breaching' : 'NonBreaching';
  return `Threshold Crossed: ${received} for ${plural(last, 'period')} and ${filled} [${treated}].`;
}

function comparedWords(rule: AlarmRule, state: AlarmStateValue): string {
  const not = state === 'ALARM' ? '' : 'not ';
  return `${not}${comparisonWords(rule.comparison)} the threshold (${decimal(rule.threshold)})`;
}

/** `1 datapoint was unknown`, `5 datapoints were unknown`. */
function counted(count: number, noun: string, what: string): string {
  return `${plural(count, noun)} ${count === 1 ? 'was' : 'were'} ${what}`;
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
