import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { AlarmSender, type SenderOptions } from './alarm-sender.ts';
import { type AlarmSetup, configured } from './alarm-setup.ts';
import { type AlarmState, entered, initialState, type StateRecord } from './alarm-state.ts';
import { type AlarmDefinition, defineAlarm } from './definition.ts';
import type { EmulatedAlarms } from './emulated-alarms.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import { Problems } from './problems.ts';
import type { MetricStore } from './store.ts';
import { isWarmingUp, type WarmUp } from './warm-up.ts';

export interface AlarmsOptions extends Pick<SenderOptions, 'muteOf' | 'omitContributor' | 'onTransition'> {
  readonly emulated: EmulatedAlarms;
  readonly store: MetricStore;
  readonly nowMillis: () => number;
  /** Told once of each thing about an alarm that the sandbox cannot do. */
  readonly onProblem: (problem: string) => void;
}

/** States of all alarms: evaluates them, shows them in the emulator, sends out what follows from a change. */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #problems: Problems;
  readonly #sender: AlarmSender;
  readonly #states = new Map<string, AlarmState>();
  readonly #setups = new Map<string, AlarmSetup>();
  /** One thing at a time: a tick and a client's SetAlarmState must not interleave. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: AlarmsOptions) {
    this.#options = options;
    this.#problems = new Problems(options.onProblem);
    this.#sender = new AlarmSender({
      ...options,
      problems: this.#problems,
      publish: (message) => options.emulated.publish(message),
    });
  }

  /** What is known of an alarm; undefined before it was first seen. */
  stateOf(alarmName: string): AlarmState | undefined {
    return this.#states.get(alarmName);
  }

  setupOf(alarmName: string): AlarmSetup | undefined {
    return this.#setups.get(alarmName);
  }

  /** Evaluates every alarm that the emulator has, over the periods closed by now. */
  tick(): Promise<void> {
    return this.#serially(async () => {
      const { emulated, store, nowMillis } = this.#options;
      store.forgetOld(nowMillis());
      const alarms = await emulated.all();
      const names = new Set(alarms.map((alarm) => alarm.AlarmName));
      for (const name of this.#states.keys()) if (!names.has(name)) this.#forget(name);
      for (const alarm of alarms) await this.#evaluate(alarm);
    });
  }

  /** After a client's PutMetricAlarm: a new alarm starts without data, a changed one keeps its state. */
  configured(alarmName: string, warmUp: WarmUp | undefined): Promise<void> {
    return this.#serially(async () => {
      this.#setups.set(alarmName, configured(this.#setups.get(alarmName), warmUp, this.#options.nowMillis()));
      const known = this.#known(alarmName);
      this.#states.set(alarmName, known);
      await this.#options.emulated.show(alarmName, known.state);
    });
  }

  deleted(alarmNames: readonly string[]): Promise<void> {
    return this.#serially(async () => {
      for (const name of alarmNames) this.#forget(name);
    });
  }

  /** After a client's SetAlarmState: acts as if the state had been evaluated; the next evaluation may take it back. */
  stateSet(alarmName: string, set: Omit<StateRecord, 'sinceMillis'>): Promise<void> {
    return this.#serially(async () => {
      const alarm = await this.#options.emulated.find(alarmName);
      const definition = alarm === undefined ? undefined : this.#define(alarm);
      if (definition === undefined) return;
      const { state: before, contributors } = this.#known(alarmName);
      const state = entered(before, { ...set, sinceMillis: this.#options.nowMillis() });
      this.#states.set(alarmName, { state, contributors });
      if (state !== before) await this.#sender.send(definition, { before, after: state });
    });
  }

  /** After a client changed mute rules: carries out what is muted no longer. */
  muteRulesChanged(): Promise<void> {
    return this.#serially(async () => {
      for (const alarm of await this.#options.emulated.all()) {
        const definition = this.#define(alarm);
        if (definition !== undefined) await this.#sender.unmute(definition);
      }
    });
  }

  /** Resolves when everything that was asked before is done. */
  settled(): Promise<void> {
    return this.#serially(async () => {});
  }

  async #evaluate(alarm: MetricAlarm): Promise<void> {
    const definition = this.#define(alarm);
    if (definition === undefined || this.#isWarmingUp(definition)) return;
    const { emulated, store, nowMillis } = this.#options;
    const { next, changes } = evaluateAlarm(definition, store, this.#known(definition.name), nowMillis());
    this.#states.set(definition.name, next);
    if (alarm.StateValue !== next.state.value) {
      await this.#problems.attempt(`showing ${definition.name}`, () => emulated.show(definition.name, next.state));
    }
    for (const change of changes) await this.#sender.send(definition, change);
    await this.#sender.unmute(definition);
  }

  #isWarmingUp(alarm: AlarmDefinition): boolean {
    const setup = this.#setups.get(alarm.name);
    if (setup?.warming !== true || setup.warmUp === undefined) return false;
    const { store, nowMillis } = this.#options;
    const warming = isWarmingUp(setup.warmUp, setup.createdAtMillis, alarm, store, nowMillis());
    this.#setups.set(alarm.name, { ...setup, warming });
    return warming;
  }

  #known(alarmName: string): AlarmState {
    return this.#states.get(alarmName) ?? initialState(this.#options.nowMillis());
  }

  #forget(alarmName: string): void {
    this.#states.delete(alarmName);
    this.#setups.delete(alarmName);
    this.#sender.forget(alarmName);
  }

  #define(alarm: MetricAlarm): AlarmDefinition | undefined {
    try {
      const configuredAtMillis = this.#setups.get(alarm.AlarmName ?? '')?.configuredAtMillis;
      return { ...defineAlarm(alarm), ...(configuredAtMillis === undefined ? {} : { configuredAtMillis }) };
    } catch (error) {
      this.#problems.tellOnce(`not evaluated: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  #serially(act: () => Promise<void>): Promise<void> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    return result;
  }
}
