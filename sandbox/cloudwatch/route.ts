import * as z from 'zod/mini';
import type { AwsAnswer, AwsCall, Route } from '../gateway/aws-call.ts';
import type { Forwarder } from '../gateway/forward.ts';
import { errorAnswerFor } from '../gateway/protocol-errors.ts';
import { contributorsResult, withExtras } from './alarm-answers.ts';
import { refuseUnknownSettings } from './alarm-settings.ts';
import type { Alarms } from './alarms.ts';
import { defineAlarm } from './definition.ts';
import type { EmulatedAlarms } from './emulated-alarms.ts';
import { getMetricData } from './get-metric-data.ts';
import {
  deleteMuteRule,
  getMuteRule,
  listMuteRules,
  type MuteRouteOptions,
  putMuteRule,
} from './muting/mute-routes.ts';
import type { MuteRules } from './muting/mute-rules.ts';
import { nestedInput, resultAnswer } from './protocol.ts';
import { readMetricData } from './put-metric-data.ts';
import type { MetricStore } from './store.ts';
import { Unsupported } from './unsupported.ts';
import { readWarmUp } from './warm-up.ts';

export interface RouteOptions {
  readonly alarms: Alarms;
  readonly muteRules: MuteRules;
  readonly emulated: EmulatedAlarms;
  readonly forwarder: Forwarder;
  readonly store: MetricStore;
  readonly nowMillis: () => number;
  /** A caller's time on the sandbox's clock. */
  readonly toClock: (accessKeyId: string, millis: number) => number;
}

const alarmName = z.object({ AlarmName: z.string() });
const alarmNames = z.object({ AlarmNames: z.array(z.string()) });
const newState = z.object({
  AlarmName: z.string(),
  StateValue: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
  StateReason: z.string(),
  StateReasonData: z.optional(z.string()),
});

/**
 * The route of service `monitoring`: answers what the emulator cannot (contributors, metric queries, mute rules), lets it
 * answer the rest, and learns from what it accepted. Alarms of forms that are not evaluated are refused by name.
 */
export function cloudWatchRoute(options: RouteOptions): Route {
  return async (call) => {
    try {
      return await answer(options, call, nestedInput(call));
    } catch (error) {
      if (error instanceof Unsupported) return errorAnswerFor(call, 'ValidationError', error.message);
      throw error;
    }
  };
}

async function answer(
  options: RouteOptions,
  call: AwsCall,
  input: Record<string, unknown>,
): Promise<AwsAnswer | 'forward'> {
  const { alarms } = options;
  switch (call.action) {
    case 'DescribeAlarmContributors':
      return describeContributors(options, call, input);
    case 'GetMetricData': {
      const toClock = (millis: number): number => options.toClock(call.accessKeyId, millis);
      const result = getMetricData(input, options.store, options.nowMillis(), toClock);
      return result === undefined ? 'forward' : resultAnswer(call, result);
    }
    case 'DescribeAlarms':
      return withExtras(call, await options.forwarder.forward(call), (name) => {
        const { warmUp, warming = false } = alarms.setupOf(name) ?? {};
        const state = alarms.stateOf(name)?.state;
        return state === undefined ? undefined : { sinceMillis: state.sinceMillis, warmUp, warming };
      });
    case 'PutMetricAlarm':
      refuseUnknownSettings(input);
      defineAlarm(input);
      readWarmUp(input);
      return observed(options, call, input);
    case 'PutCompositeAlarm':
    case 'PutLogAlarm':
      throw new Unsupported(`${call.action} ${String(input['AlarmName'])}: not evaluated in the sandbox`);
    case 'PutMetricData':
    case 'DeleteAlarms':
    case 'SetAlarmState':
      return observed(options, call, input);
    case 'PutAlarmMuteRule':
    case 'DeleteAlarmMuteRule': {
      const put = call.action === 'PutAlarmMuteRule';
      const changed = await (put ? putMuteRule : deleteMuteRule)(call, input, muting(options, call));
      await alarms.muteRulesChanged();
      return changed;
    }
    case 'GetAlarmMuteRule':
      return getMuteRule(call, input, muting(options, call));
    case 'ListAlarmMuteRules':
      return listMuteRules(call, input, muting(options, call));
    default:
      return 'forward';
  }
}

function muting({ muteRules, emulated, nowMillis, toClock }: RouteOptions, call: AwsCall): MuteRouteOptions {
  return {
    rules: muteRules,
    alarmNames: async () => (await emulated.all()).map(({ AlarmName = '' }) => AlarmName),
    nowMillis,
    toClock: (millis) => toClock(call.accessKeyId, millis),
  };
}

async function describeContributors(options: RouteOptions, call: AwsCall, input: unknown): Promise<AwsAnswer> {
  const parsed = alarmName.safeParse(input);
  if (!parsed.success) throw new Unsupported('AlarmName is missing');
  const { AlarmName } = parsed.data;
  const known = options.alarms.stateOf(AlarmName);
  if (known === undefined && (await options.emulated.find(AlarmName)) === undefined) {
    return errorAnswerFor(call, 'ResourceNotFoundException', `alarm ${AlarmName} does not exist`, 404);
  }
  return resultAnswer(call, contributorsResult(known));
}

async function observed(options: RouteOptions, call: AwsCall, input: unknown): Promise<AwsAnswer> {
  const atMillis = options.nowMillis();
  const forwarded = await options.forwarder.forward(call);
  if (forwarded.status === 200) await learn(options, call, input, atMillis);
  return forwarded;
}

async function learn(options: RouteOptions, call: AwsCall, input: unknown, atMillis: number): Promise<void> {
  const { alarms, store, toClock } = options;
  if (call.action === 'PutMetricData') {
    const data = readMetricData(input, atMillis, (millis) => toClock(call.accessKeyId, millis));
    store.putAll(data);
  }
  if (call.action === 'PutMetricAlarm') {
    const parsed = alarmName.safeParse(input);
    if (parsed.success) await alarms.configured(parsed.data.AlarmName, readWarmUp(input));
  }
  if (call.action === 'DeleteAlarms') {
    const parsed = alarmNames.safeParse(input);
    if (parsed.success) await alarms.deleted(parsed.data.AlarmNames);
  }
  if (call.action === 'SetAlarmState') {
    const parsed = newState.safeParse(input);
    if (!parsed.success) return;
    const { AlarmName, StateValue: value, StateReason: reason, StateReasonData: reasonData } = parsed.data;
    await alarms.stateSet(AlarmName, { value, reason, ...(reasonData === undefined ? {} : { reasonData }) });
  }
}
