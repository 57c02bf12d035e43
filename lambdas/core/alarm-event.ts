import * as z from 'zod/mini';
import { cut, quote } from './quote.ts';

const state = z.object({ value: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']), timestamp: z.string() });
const contributor = z.object({ attributes: z.record(z.string(), z.string()) });
const metric = z.object({
  metricStat: z.optional(z.object({ metric: z.object({ dimensions: z.optional(z.record(z.string(), z.string())) }) })),
});
const configuration = z.optional(z.object({ metrics: z.optional(z.array(metric)) }));

/** The direct Lambda action of an alarm; the contributor's place in it is undocumented, so both spellings are taken. */
const directAction = z.object({
  source: z.literal('aws.cloudwatch'),
  alarmArn: z.string(),
  accountId: z.string(),
  alarmData: z.object({
    alarmName: z.string(),
    state,
    configuration,
    alarmContributor: z.optional(contributor),
    AlarmContributorAttributes: z.optional(z.record(z.string(), z.string())),
  }),
});

/** EventBridge's alarm and contributor events. */
const bridgeEvent = z.object({
  source: z.literal('aws.cloudwatch'),
  'detail-type': z.enum(['CloudWatch Alarm State Change', 'CloudWatch Alarm Contributor State Change']),
  account: z.string(),
  resources: z.array(z.string()),
  detail: z.object({
    alarmName: z.string(),
    state,
    configuration,
    alarmContributor: z.optional(contributor),
    muteDetail: z.optional(z.object({ mutedByArn: z.optional(z.string()), muteWindowEnd: z.optional(z.string()) })),
  }),
});

/** What an alarm said, whichever way it came. */
export type AlarmEvent =
  | {
      readonly kind: 'alarm';
      readonly alarmName: string;
      readonly accountId: string;
      /** When the state changed: ISO 8601 in UTC, so that events compare as text. */
      readonly stateChangedAt: string;
      /** Dimensions that name the target; absent where the event does not say which contributor it is about. */
      readonly dimensions?: Readonly<Record<string, string>>;
    }
  /** A state other than ALARM, or a muted alarm: nothing to do, and nothing wrong. */
  | { readonly kind: 'nothing-to-do'; readonly why: string }
  /** Not an event this system knows. */
  | { readonly kind: 'not-understood'; readonly problem: string };

/** Reads any of the accepted shapes; never throws. */
export function parseAlarmEvent(input: unknown): AlarmEvent {
  const direct = directAction.safeParse(input);
  if (direct.success) {
    const { alarmData, accountId } = direct.data;
    const attributes = alarmData.alarmContributor?.attributes ?? alarmData.AlarmContributorAttributes;
    return alarmEvent(alarmData, accountId, attributes, undefined);
  }
  const bridge = bridgeEvent.safeParse(input);
  if (bridge.success) {
    const { detail, account } = bridge.data;
    return alarmEvent(detail, account, detail.alarmContributor?.attributes, detail.muteDetail);
  }
  return { kind: 'not-understood', problem: describeUnknown(input) };
}

function alarmEvent(
  alarm: { alarmName: string; state: z.infer<typeof state>; configuration?: z.infer<typeof configuration> },
  accountId: string,
  attributes: Record<string, string> | undefined,
  mute: { mutedByArn?: string | undefined; muteWindowEnd?: string | undefined } | undefined,
): AlarmEvent {
  const { alarmName } = alarm;
  const shown = cut(alarmName);
  if (alarm.state.value !== 'ALARM') {
    return { kind: 'nothing-to-do', why: `${shown} is ${alarm.state.value}: only ALARM opens an incident` };
  }
  if (mute !== undefined) {
    return {
      kind: 'nothing-to-do',
      why: `${shown} is muted by ${cut(mute.mutedByArn ?? 'a rule')} until ${cut(mute.muteWindowEnd ?? 'its end')}`,
    };
  }
  const changedAt = new Date(alarm.state.timestamp);
  if (Number.isNaN(changedAt.getTime())) {
    return {
      kind: 'not-understood',
      problem: `${shown}: state.timestamp is not a time: ${quote(alarm.state.timestamp)}`,
    };
  }
  const dimensions = attributes ?? alarm.configuration?.metrics?.[0]?.metricStat?.metric.dimensions;
  return {
    kind: 'alarm',
    alarmName,
    accountId,
    stateChangedAt: changedAt.toISOString(),
    ...(dimensions?.['InstanceId'] === undefined ? {} : { dimensions }),
  };
}

function describeUnknown(input: unknown): string {
  const allowed =
    'a CloudWatch alarm action, or an EventBridge "CloudWatch Alarm State Change" or "CloudWatch Alarm Contributor State Change"';
  if (typeof input !== 'object' || input === null) return `got ${quote(input)}, allowed is ${allowed}`;
  const source = 'source' in input ? quote(input.source) : 'none';
  const type = 'detail-type' in input ? quote(input['detail-type']) : 'none';
  return `got an event with source ${source} and detail-type ${type}, keys ${quote(Object.keys(input).slice(0, 8).join(', '))}; allowed is ${allowed}`;
}
