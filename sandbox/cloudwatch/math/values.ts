import type { Gathering, Operator } from './parse-math.ts';
import { UnsupportedMath } from './tokens.ts';

/** One value per period, oldest first; undefined where there is no datapoint. */
export type Series = readonly (number | undefined)[];

/** What an expression or a part of one makes. */
export type Value =
  | { readonly kind: 'scalar'; readonly value: number }
  | { readonly kind: 'series'; readonly values: Series }
  | { readonly kind: 'array'; readonly all: readonly Series[] };

/** The time series of a value; throws {@link UnsupportedMath} for a number. */
export function allOf(value: Value): readonly Series[] {
  switch (value.kind) {
    case 'scalar':
      throw new UnsupportedMath(`metric math: ${value.value} is no time series`);
    case 'series':
      return [value.values];
    case 'array':
      return value.all;
  }
}

/** Each time series changed, as many as there were. */
export function eachSeries(value: Value, change: (values: Series) => Series): Value {
  if (value.kind === 'array') return { kind: 'array', all: value.all.map(change) };
  return { kind: 'series', values: change(allOf(value)[0] ?? []) };
}

/** Two values put together period by period, a number with every period. */
export function operate(operator: Operator, left: Value, right: Value): Value {
  if (left.kind === 'scalar' && right.kind === 'scalar') {
    const value = compute(operator, left.value, right.value);
    if (value === undefined) throw new UnsupportedMath(`metric math: ${left.value} / 0`);
    return { kind: 'scalar', value };
  }
  if (left.kind === 'scalar') {
    const { value } = left;
    return eachSeries(right, (values) => eachPresent(values, (one) => compute(operator, value, one)));
  }
  if (right.kind === 'scalar') {
    const { value } = right;
    return eachSeries(left, (values) => eachPresent(values, (one) => compute(operator, one, value)));
  }
  if (left.kind === 'array' && right.kind === 'array') {
    throw new UnsupportedMath(`metric math: ${operator} between two arrays of time series`);
  }
  if (left.kind === 'array') return eachSeries(left, (values) => zip(operator, values, allOf(right)[0] ?? []));
  const values = left.values;
  return eachSeries(right, (others) => zip(operator, values, others));
}

function eachPresent(values: Series, change: (value: number) => number | undefined): Series {
  return values.map((value) => (value === undefined ? undefined : change(value)));
}

/** "Missing values in a time series are treated as 0"; where both are missing there is no datapoint. */
function zip(operator: Operator, left: Series, right: Series): Series {
  return left.map((one, index) => {
    const other = right[index];
    return one === undefined && other === undefined ? undefined : compute(operator, one ?? 0, other ?? 0);
  });
}

/** Undefined for a division by zero: "the data point is dropped". */
function compute(operator: Operator, left: number, right: number): number | undefined {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return right === 0 ? undefined : left / right;
    case '^':
      return left ** right;
  }
}

/** Several time series made one. */
export function gather(gathering: Gathering, value: Value): Value {
  if (value.kind !== 'array') {
    throw new UnsupportedMath(
      `metric math: ${gathering} of one time series is a number, which depends on how many datapoints are read`,
    );
  }
  const periods = Math.max(0, ...value.all.map((values) => values.length));
  const values = Array.from({ length: periods }, (_, index) => {
    const present = value.all.flatMap((one) => one[index] ?? []);
    return present.length === 0 ? undefined : gathered(gathering, present, value.all.length);
  });
  return { kind: 'series', values };
}

function gathered(gathering: Gathering, present: readonly number[], seriesCount: number): number {
  const sum = present.reduce((total, one) => total + one, 0);
  switch (gathering) {
    case 'SUM':
      return sum;
    case 'AVG':
      return sum / seriesCount;
    case 'MIN':
      return Math.min(...present);
    case 'MAX':
      return Math.max(...present);
  }
}

/** Missing values filled: with a number, or with the value before; what is missing at the start has none before. */
export function fill(values: Series, filler: number | 'REPEAT'): Series {
  let latest: number | undefined;
  return values.map((value) => {
    latest = value ?? (filler === 'REPEAT' ? latest : filler);
    return latest;
  });
}
