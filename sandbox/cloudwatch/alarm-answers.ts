import type { AwsAnswer, AwsCall } from '../gateway/aws-call.ts';
import { speaksXml } from '../gateway/protocol-errors.ts';
import type { AlarmState } from './alarm-state.ts';
import type { Result } from './protocol.ts';

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

/** The emulator's answer to DescribeAlarms with the times of the sandbox's clock: the emulator knows real ones only. */
export function withClockTimes(
  call: AwsCall,
  answer: AwsAnswer,
  sinceMillisOf: (alarmName: string) => number | undefined,
): AwsAnswer {
  if (answer.status !== 200) return answer;
  const body = answer.body.toString();
  return { ...answer, body: speaksXml(call) ? inXml(body, sinceMillisOf) : inJson(body, sinceMillisOf) };
}

function inJson(body: string, sinceMillisOf: (alarmName: string) => number | undefined): string {
  return JSON.stringify(
    JSON.parse(body, (_key, value: unknown) => {
      if (typeof value !== 'object' || value === null || !('AlarmName' in value)) return value;
      const since = typeof value.AlarmName === 'string' ? sinceMillisOf(value.AlarmName) : undefined;
      if (since === undefined) return value;
      return { ...value, StateUpdatedTimestamp: since / 1000, StateTransitionedTimestamp: since / 1000 };
    }),
  );
}

const ALARM_IN_XML = /(<AlarmName>([^<]*)<\/AlarmName>(?:(?!<AlarmName>)[\s\S])*?<StateUpdatedTimestamp>)[^<]*/g;

function inXml(body: string, sinceMillisOf: (alarmName: string) => number | undefined): string {
  return body.replace(ALARM_IN_XML, (found, before: string, alarmName: string) => {
    const since = sinceMillisOf(alarmName);
    return since === undefined ? found : `${before}${new Date(since).toISOString()}`;
  });
}
