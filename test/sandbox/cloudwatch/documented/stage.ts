import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { Alarms } from '../../../../sandbox/cloudwatch/alarms.ts';
import { refuseUnknownSettings } from '../../../../sandbox/cloudwatch/alarm-settings.ts';
import type { AlarmStateValue } from '../../../../sandbox/cloudwatch/evaluate.ts';
import { MuteRules } from '../../../../sandbox/cloudwatch/muting/mute-rules.ts';
import { readSchedule } from '../../../../sandbox/cloudwatch/muting/mute-schedule.ts';
import { MetricStore } from '../../../../sandbox/cloudwatch/store.ts';
import type { TransitionEvent } from '../../../../sandbox/cloudwatch/transitions.ts';
import { readWarmUp } from '../../../../sandbox/cloudwatch/warm-up.ts';

const ACCOUNT = 'us-east-1:123456789012';
export const OPENER = `arn:aws:lambda:${ACCOUNT}:function:open-incident:live`;
export const TOPIC = `arn:aws:sns:${ACCOUNT}:people`;

/** What PutMetricAlarm is sent. */
export type AlarmInput = MetricAlarm & { readonly AlarmName: string };

/** The whole evaluation of alarms on a clock that a test moves, without an emulator behind it. */
export class Stage {
  readonly store = new MetricStore();
  readonly muteRules = new MuteRules();
  readonly alarms: Alarms;
  readonly problems: string[] = [];
  readonly #shown = new Map<string, MetricAlarm>();
  #told: string[] = [];
  #details: Said[] = [];
  #nowMillis: number;

  /** `startedAt`: such as `2026-11-23T10:00:00Z`. */
  constructor(startedAt: string) {
    this.#nowMillis = Date.parse(startedAt);
    this.alarms = new Alarms({
      store: this.store,
      nowMillis: () => this.#nowMillis,
      muteOf: (name) => this.muteRules.muteOf(name, this.#nowMillis),
      omitContributor: false,
      onTransition: (event) => {
        this.#told.push(describe(event));
        if (event.kind === 'event-bridge') this.#details.push(saidBy(event));
      },
      onProblem: (problem) => this.problems.push(problem),
      emulated: {
        all: async () => [...this.#shown.values()],
        find: async (name) => this.#shown.get(name),
        show: async (name, { value }) => {
          this.#shown.set(name, { ...this.#shown.get(name), StateValue: value });
        },
        publish: async ({ message }) => {
          const said: { NewStateValue: string; AlarmContributorAttributes?: { InstanceId: string } } =
            JSON.parse(message);
          this.#told.push(`SNS ${said.AlarmContributorAttributes?.InstanceId ?? 'alarm'} ${said.NewStateValue}`);
        },
        close: () => {},
      },
    });
  }

  /** PutMetricAlarm. */
  async putAlarm(settings: AlarmInput): Promise<void> {
    refuseUnknownSettings({ ...settings });
    const { AlarmName: name } = settings;
    this.#shown.set(name, { ...settings, AlarmArn: `arn:aws:cloudwatch:${ACCOUNT}:alarm:${name}` });
    await this.alarms.configured(name, readWarmUp(settings));
  }

  /** PutAlarmMuteRule for the alarm `fleet`. */
  async mute(name: string, expression: string, duration: string, more: { expireAt?: string } = {}): Promise<void> {
    this.muteRules.put({
      name,
      description: undefined,
      told: { Expression: expression, Duration: duration },
      schedule: readSchedule(expression, duration),
      alarmNames: ['fleet'],
      startMillis: undefined,
      expireMillis: more.expireAt === undefined ? undefined : Date.parse(more.expireAt),
      updatedMillis: this.#nowMillis,
    });
    await this.alarms.muteRulesChanged();
  }

  /** DeleteAlarmMuteRule. */
  async unmute(name: string): Promise<string[]> {
    this.muteRules.delete(name);
    await this.alarms.muteRulesChanged();
    return this.#taken();
  }

  /** A datapoint of `disk` in namespace `n`; `time` as in the constructor. */
  put(time: string, value: number, instanceId = 'i-1'): void {
    const sample = { count: 1, sum: value, min: value, max: value };
    const dimensions = { InstanceId: instanceId };
    this.store.put({ namespace: 'n', metric: 'disk', dimensions, atMillis: Date.parse(time), ...sample });
  }

  /** The evaluation of this time, and what was told since the last: actions and events. */
  async evaluateAt(time: string): Promise<string[]> {
    this.#nowMillis = Date.parse(time);
    await this.alarms.tick();
    return this.#taken();
  }

  /** Details of the EventBridge events since they were last asked for. */
  details(): Said[] {
    const details = this.#details;
    this.#details = [];
    return details;
  }

  stateOf(name: string): AlarmStateValue | undefined {
    return this.alarms.stateOf(name)?.state.value;
  }

  #taken(): string[] {
    const told = this.#told;
    this.#told = [];
    return told;
  }
}

/** What a direct action and an EventBridge event say alike. */
export interface Said {
  readonly alarmContributor?: { readonly attributes: { readonly InstanceId: string } };
  readonly state: { readonly value: string; readonly reason: string };
  readonly configuration: { readonly metrics: readonly object[] };
  readonly muteDetail?: object;
}

function saidBy(event: TransitionEvent): Said {
  return JSON.parse(JSON.stringify(event.kind === 'lambda-action' ? event.payload.alarmData : event.event.detail));
}

function describe(event: TransitionEvent): string {
  const { alarmContributor, state, muteDetail } = saidBy(event);
  const who = alarmContributor?.attributes.InstanceId ?? 'alarm';
  const muted = muteDetail === undefined ? '' : ' muted';
  return `${event.kind === 'lambda-action' ? 'Lambda' : 'EventBridge'} ${who} ${state.value}${muted}`;
}
