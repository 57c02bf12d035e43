import type { Change, StateRecord } from './alarm-state.ts';
import { envelopeTime, offsetTime } from './aws-time.ts';
import type { AlarmDefinition } from './definition.ts';
import { type EventBridgeEvent, eventBridgeEvent } from './eventbridge-event.ts';

/** A mute rule that is in force for an alarm. */
export interface Mute {
  readonly mutedByArn: string;
  readonly muteWindowStart: string;
  readonly muteWindowEnd: string;
}

/** What CloudWatch invokes a Lambda function with, straight from an alarm. */
export interface LambdaActionPayload {
  readonly source: 'aws.cloudwatch';
  readonly alarmArn: string;
  readonly accountId: string;
  /** `2025-12-01T13:42:04.919+0000` */
  readonly time: string;
  readonly region: string;
  readonly alarmData: Readonly<Record<string, unknown>>;
}

/**
 * The event of a direct Lambda action. For a contributor its place in the event is not documented: the likely one is
 * `alarmData.alarmContributor`; `omitContributor` makes an event that does not say which contributor it is about.
 */
export function lambdaActionPayload(
  alarm: AlarmDefinition,
  change: Change,
  omitContributor: boolean,
): LambdaActionPayload {
  const { contributor, before, after } = change;
  const named = contributor === undefined || omitContributor ? {} : { alarmContributor: contributor };
  return {
    source: 'aws.cloudwatch',
    alarmArn: alarm.arn,
    accountId: alarm.accountId,
    time: offsetTime(after.sinceMillis),
    region: alarm.region,
    alarmData: {
      alarmName: alarm.name,
      ...named,
      state: stateOf(after, contributor === undefined),
      ...(contributor === undefined ? { previousState: stateOf(before, true) } : {}),
      configuration: configurationOf(alarm),
    },
  };
}

/** The EventBridge event of a change; a muted alarm's carries who muted it and until when. */
export function stateChangeEvent(alarm: AlarmDefinition, change: Change, mute: Mute | undefined): EventBridgeEvent {
  const { contributor, before, after } = change;
  const ofContributor = contributor !== undefined;
  return eventBridgeEvent({
    'detail-type': ofContributor ? 'CloudWatch Alarm Contributor State Change' : 'CloudWatch Alarm State Change',
    source: 'aws.cloudwatch',
    account: alarm.accountId,
    time: envelopeTime(after.sinceMillis),
    region: alarm.region,
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      ...(ofContributor ? { alarmContributor: contributor } : {}),
      state: stateOf(after, !ofContributor),
      ...(ofContributor ? {} : { previousState: stateOf(before, true) }),
      configuration: configurationOf(alarm),
      ...(mute === undefined ? {} : { muteDetail: mute }),
    },
  });
}

function stateOf(state: StateRecord, withData: boolean): Readonly<Record<string, string | undefined>> {
  const data = withData && state.reasonData !== undefined ? { reasonData: state.reasonData } : {};
  return { value: state.value, reason: state.reason, ...data, timestamp: offsetTime(state.sinceMillis) };
}

function configurationOf(alarm: AlarmDefinition): Readonly<Record<string, unknown>> {
  return {
    metrics: alarm.metrics,
    ...(alarm.description === undefined ? {} : { description: alarm.description }),
  };
}
