export type AlarmStateValue = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';
/** How missing data may be treated. */
export const TREATMENTS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
export type TreatMissing = (typeof TREATMENTS)[number];

/** The operators that compare with one threshold; those of anomaly detection, which has a band, are not known here. */
export const COMPARISON_NAMES = [
  'GreaterThanThreshold',
  'GreaterThanOrEqualToThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
] as const;
export type Comparison = (typeof COMPARISON_NAMES)[number];

interface Meaning {
  readonly holds: (value: number, threshold: number) => boolean;
  readonly words: string;
}

const COMPARISONS: Readonly<Record<Comparison, Meaning>> = {
  GreaterThanThreshold: { holds: (value, threshold) => value > threshold, words: 'greater than' },
  GreaterThanOrEqualToThreshold: {
    holds: (value, threshold) => value >= threshold,
    words: 'greater than or equal to',
  },
  LessThanThreshold: { holds: (value, threshold) => value < threshold, words: 'less than' },
  LessThanOrEqualToThreshold: { holds: (value, threshold) => value <= threshold, words: 'less than or equal to' },
};

/** A comparison as CloudWatch's reasons say it. */
export function comparisonWords(comparison: Comparison): string {
  return COMPARISONS[comparison].words;
}

/** What an alarm compares, and how often it must hold. */
export interface AlarmRule {
  readonly comparison: Comparison;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissing: TreatMissing;
}

/** Periods that are read beyond the evaluation periods, in case recent ones are missing; two, as AWS's examples have it. */
export const EXTRA_PERIODS = 2;

/**
 * The state that follows from the values of the last closed periods, oldest first and `undefined` for missing, of which
 * there are {@link EXTRA_PERIODS} more than the rule evaluates. Where missing values leave it open, `current` stays.
 */
export function evaluate(
  rule: AlarmRule,
  values: readonly (number | undefined)[],
  current: AlarmStateValue,
): AlarmStateValue {
  const { evaluationPeriods, datapointsToAlarm, treatMissing } = rule;
  const present = values.filter((value) => value !== undefined);
  if (present.length === 0) return stateWithoutData(treatMissing, current);
  const breaching = present.slice(-evaluationPeriods).filter((value) => isBreaching(rule, value)).length;
  const missing = Math.max(0, evaluationPeriods - present.length);
  const counted = treatMissing === 'breaching' ? breaching + missing : breaching;
  if (counted >= datapointsToAlarm) return 'ALARM';
  const open = missing > 0 && breaching === present.length && treatMissing !== 'breaching';
  if (!open || treatMissing === 'notBreaching') return 'OK';
  // Only breaching values, but fewer than needed: they count once the oldest is old enough, not before, because the
  // next value may be a good one.
  const age = values.length - values.findIndex((value) => value !== undefined);
  return treatMissing === 'missing' && age >= datapointsToAlarm ? 'ALARM' : current;
}

export function isBreaching(rule: AlarmRule, value: number): boolean {
  return COMPARISONS[rule.comparison].holds(value, rule.threshold);
}

/** The state of an alarm without any datapoint. */
export function stateWithoutData(treatMissing: TreatMissing, current: AlarmStateValue): AlarmStateValue {
  switch (treatMissing) {
    case 'missing':
      return 'INSUFFICIENT_DATA';
    case 'ignore':
      return current;
    case 'breaching':
      return 'ALARM';
    case 'notBreaching':
      return 'OK';
  }
}
