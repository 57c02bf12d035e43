import { type AlarmSettings, readSettings, UnsupportedAlarm } from './alarm-settings.ts';
import { type Reading, readingOf } from './alarm-source.ts';
import type { AlarmRule, AlarmStateValue } from './evaluate.ts';
import { UnsupportedMath } from './math/tokens.ts';

/** An alarm as the sandbox evaluates it. */
export interface AlarmDefinition extends Reading {
  readonly name: string;
  readonly arn: string;
  readonly accountId: string;
  readonly region: string;
  readonly description: string | undefined;
  /** When its configuration was last put, epoch milliseconds of the sandbox's clock, where that is known. */
  readonly configuredAtMillis?: number;
  readonly actionsEnabled: boolean;
  /** ARNs to act on when the alarm, or a contributor, enters a state. */
  readonly actions: Readonly<Record<AlarmStateValue, readonly string[]>>;
  readonly rule: AlarmRule;
}

const HOUR_SECONDS = 3600;
const DAY_SECONDS = 24 * HOUR_SECONDS;

/** Reads an alarm as PutMetricAlarm sets it and DescribeAlarms tells it; throws `UnsupportedAlarm` or `UnsupportedQuery`. */
export function defineAlarm(input: unknown): AlarmDefinition {
  const settings = readSettings(input);
  const { AlarmName: name, AlarmArn: arn = '' } = settings;
  const reading = namedReading(settings);
  const problem = rangeProblem(reading, settings.EvaluationPeriods);
  if (problem !== undefined) throw new UnsupportedAlarm(`alarm ${name}: ${problem}`);
  const [, , , region = '', accountId = ''] = arn.split(':');
  return {
    name,
    arn,
    accountId,
    region,
    description: settings.AlarmDescription,
    actionsEnabled: settings.ActionsEnabled ?? true,
    actions: {
      OK: settings.OKActions ?? [],
      ALARM: settings.AlarmActions ?? [],
      INSUFFICIENT_DATA: settings.InsufficientDataActions ?? [],
    },
    rule: ruleOf(settings, reading),
    ...reading,
  };
}

function namedReading(settings: AlarmSettings): Reading {
  try {
    return readingOf(settings);
  } catch (error) {
    if (!(error instanceof UnsupportedMath)) throw error;
    throw new UnsupportedAlarm(`alarm ${settings.AlarmName}: ${error.message}`, { cause: error });
  }
}

/** What AWS's documentation of PutMetricAlarm and of Metrics Insights alarms does not allow. */
function rangeProblem({ periodSeconds, source }: Reading, evaluationPeriods: number): string | undefined {
  const seconds = periodSeconds * evaluationPeriods;
  if (![10, 20, 30].includes(periodSeconds) && (periodSeconds % 60 !== 0 || periodSeconds < 60)) {
    return `a period of ${periodSeconds} s, allowed are 10, 20, 30 and multiples of 60`;
  }
  if (source.kind === 'insights' && seconds > 3 * HOUR_SECONDS) {
    return `it looks back ${seconds} s, a Metrics Insights query allows ${3 * HOUR_SECONDS}`;
  }
  const most = periodSeconds < HOUR_SECONDS ? DAY_SECONDS : 7 * DAY_SECONDS;
  return seconds > most ? `it looks back ${seconds} s, allowed are ${most}` : undefined;
}

function ruleOf(settings: AlarmSettings, { source }: Reading): AlarmRule {
  const { EvaluationPeriods: evaluationPeriods } = settings;
  // "Alarms that evaluate metrics in the AWS/DynamoDB namespace default to ignore missing data"
  const preset = source.kind === 'metric' && source.namespace === 'AWS/DynamoDB' ? 'ignore' : 'missing';
  return {
    comparison: settings.ComparisonOperator,
    threshold: settings.Threshold,
    evaluationPeriods,
    datapointsToAlarm: settings.DatapointsToAlarm ?? evaluationPeriods,
    treatMissing: settings.TreatMissingData ?? preset,
  };
}
