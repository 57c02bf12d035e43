import type { AwsAnswer, AwsCall } from '../gateway/aws-call.ts';
import { speaksXml } from '../gateway/protocol-errors.ts';
import type { AlarmState } from './alarm-state.ts';
import type { Result } from './protocol.ts';
import type { WarmUp } from './warm-up.ts';

/** The result of DescribeAlarmContributors: the contributors that are in ALARM. */
export function contributorsResult(alarm: AlarmState | undefined): Result {
  const inAlarm = [...(alarm?.contributors.values() ?? [])].filter(({ state }) => state.value === 'ALARM');
  return {
    AlarmContributors: inAlarm.map(({ id, attributes, state }) => ({
      ContributorId: id,
      ContributorAttributes: new Map(Object.entries(attributes)),
      StateReason: state.reason,
      StateTransitionedTimestamp: new Date(state.sinceMillis),
    })),
  };
}

/** What the emulator does not know of an alarm. */
export interface AlarmExtra {
  /** Since when it is in its state, epoch milliseconds of the sandbox's clock. */
  readonly sinceMillis: number;
  readonly warmUp: WarmUp | undefined;
  readonly warming: boolean;
}

type ExtraOf = (alarmName: string) => AlarmExtra | undefined;

/**
 * The emulator's answer to DescribeAlarms with the sandbox's times and warm-up: it knows real times, no warm-up, and passes
 * over the state that is asked for beside names.
 */
export function withExtras(call: AwsCall, answer: AwsAnswer, extraOf: ExtraOf): AwsAnswer {
  if (answer.status !== 200) return answer;
  const body = answer.body.toString();
  return { ...answer, body: speaksXml(call) ? inXml(body, extraOf) : inJson(body, extraOf, call.input['StateValue']) };
}

function inJson(body: string, extraOf: ExtraOf, stateValue: unknown): string {
  const isAskedFor = (alarm: unknown): boolean =>
    stateValue === undefined || Reflect.get(Object(alarm), 'StateValue') === stateValue;
  return JSON.stringify(
    JSON.parse(body, (key, value: unknown) => {
      if (key === 'MetricAlarms' && Array.isArray(value)) return value.filter(isAskedFor);
      if (typeof value !== 'object' || value === null || !('AlarmName' in value)) return value;
      const extra = typeof value.AlarmName === 'string' ? extraOf(value.AlarmName) : undefined;
      if (extra === undefined) return value;
      const since = extra.sinceMillis / 1000;
      return { ...value, StateUpdatedTimestamp: since, StateTransitionedTimestamp: since, ...warmUpFields(extra) };
    }),
  );
}

function warmUpFields({ warmUp, warming }: AlarmExtra) {
  if (warmUp === undefined) return {};
  return {
    WarmUpConfiguration: {
      WarmUpPeriodDurationInMinutes: warmUp.minutes,
      OnlyStartEvaluatingAfterWarmUpPeriodEnds: warmUp.whole,
    },
    ...(warming ? { EvaluationState: 'IN_WARM_UP' } : {}),
  };
}

const ALARM_IN_XML = /(<AlarmName>([^<]*)<\/AlarmName>(?:(?!<AlarmName>)[\s\S])*?<StateUpdatedTimestamp>)[^<]*/g;

/** For clients of the older protocol, which the models with warm-up do not serve: times only. */
function inXml(body: string, extraOf: ExtraOf): string {
  return body.replace(ALARM_IN_XML, (found, before: string, alarmName: string) => {
    const extra = extraOf(alarmName);
    return extra === undefined ? found : `${before}${new Date(extra.sinceMillis).toISOString()}`;
  });
}
