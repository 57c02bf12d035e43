import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { type AlarmState, type Change, entered, initialState, type StateRecord } from './alarm-state.ts';
import { type AlarmDefinition, defineAlarm } from './definition.ts';
import type { EmulatedAlarms } from './emulated-alarms.ts';
import { evaluateAlarm } from './evaluate-alarm.ts';
import type { Mute } from './events.ts';
import type { MetricStore } from './store.ts';
import { consequencesOf, type TransitionEvent } from './transitions.ts';

export interface AlarmsOptions {
  readonly emulated: EmulatedAlarms;
  readonly store: MetricStore;
  readonly nowMillis: () => number;
  readonly mutedAlarms: ReadonlyMap<string, Mute>;
  readonly omitContributor: boolean;
  readonly onTransition: (event: TransitionEvent) => void;
  /** Told once of each thing about an alarm that the sandbox cannot do. */
  readonly onProblem: (problem: string) => void;
}

/** States of all alarms: evaluates them, shows them in the emulator, sends out what follows from a change. */
export class Alarms {
  readonly #options: AlarmsOptions;
  readonly #states = new Map<string, AlarmState>();
  readonly #problemsTold = new Set<string>();
  /** One thing at a time: a tick and a client's SetAlarmState must not interleave. */
  #last: Promise<void> = Promise.resolve();

  constructor(options: AlarmsOptions) {
    this.#options = options;
  }

  /** What is known of an alarm; undefined before it was first seen. */
  stateOf(alarmName: string): AlarmState | undefined {
    return this.#states.get(alarmName);
  }

  /** Evaluates every alarm that the emulator has, over the periods closed by now. */
  tick(): Promise<void> {
    return this.#serially(async () => {
      const { emulated, store, nowMillis } = this.#options;
      store.forgetOld(nowMillis());
      const alarms = await emulated.all();
      const names = new Set(alarms.map((alarm) => alarm.AlarmName));
      for (const name of this.#states.keys()) if (!names.has(name)) this.#states.delete(name);
      for (const alarm of alarms) await this.#evaluate(alarm);
    });
  }

  /** After a client's PutMetricAlarm: a new alarm starts without data, a changed one keeps its state. */
  configured(alarmName: string): Promise<void> {
    return this.#serially(async () => {
      const known = this.#known(alarmName);
      this.#states.set(alarmName, known);
      await this.#options.emulated.show(alarmName, known.state);
    });
  }

  deleted(alarmNames: readonly string[]): Promise<void> {
    return this.#serially(async () => {
      for (const name of alarmNames) this.#states.delete(name);
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
      if (state !== before) await this.#sendOut(definition, { before, after: state });
    });
  }

  /** Resolves when everything that was asked before is done. */
  settled(): Promise<void> {
    return this.#serially(async () => {});
  }

  async #evaluate(alarm: MetricAlarm): Promise<void> {
    const definition = this.#define(alarm);
    if (definition === undefined) return;
    const { emulated, store, nowMillis } = this.#options;
    const { next, changes } = evaluateAlarm(definition, store, this.#known(definition.name), nowMillis());
    this.#states.set(definition.name, next);
    if (alarm.StateValue !== next.state.value) {
      await this.#attempt(`showing ${definition.name}`, () => emulated.show(definition.name, next.state));
    }
    for (const change of changes) await this.#sendOut(definition, change);
  }

  async #sendOut(alarm: AlarmDefinition, change: Change): Promise<void> {
    const { mutedAlarms, omitContributor, onTransition, emulated } = this.#options;
    const actsByContributor = alarm.source.kind === 'insights' && alarm.source.query.groupBy.length > 0;
    const mute = mutedAlarms.get(alarm.name);
    const { events, topicMessages, leftOut } = consequencesOf(alarm, change, {
      mute,
      omitContributor,
      actsByContributor,
    });
    for (const event of events) await this.#attempt(`telling of ${alarm.name}`, async () => onTransition(event));
    for (const message of topicMessages) {
      await this.#attempt(`publishing to ${message.topicArn}`, () => emulated.publish(message));
    }
    for (const arn of leftOut) this.#tell(`alarm ${alarm.name}: the sandbox carries out no action ${arn}`);
  }

  #known(alarmName: string): AlarmState {
    return this.#states.get(alarmName) ?? initialState(this.#options.nowMillis());
  }

  #define(alarm: MetricAlarm): AlarmDefinition | undefined {
    try {
      return defineAlarm(alarm);
    } catch (error) {
      this.#tell(`not evaluated: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** One alarm's failure stops no other. */
  async #attempt(what: string, act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      this.#options.onProblem(`${what}: ${messageOf(error)}`);
    }
  }

  #tell(problem: string): void {
    if (this.#problemsTold.has(problem)) return;
    this.#problemsTold.add(problem);
    this.#options.onProblem(problem);
  }

  #serially(act: () => Promise<void>): Promise<void> {
    const result = this.#last.then(act);
    this.#last = result.catch(() => {});
    return result;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
