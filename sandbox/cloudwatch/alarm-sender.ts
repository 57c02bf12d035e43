import type { Change } from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import type { Mute } from './events.ts';
import { MutedActions } from './muting/muted-actions.ts';
import type { Problems } from './problems.ts';
import { type Actions, actionsOf, eventOf, type TopicMessage, type TransitionEvent } from './transitions.ts';

export interface SenderOptions {
  /** What mutes an alarm now. */
  readonly muteOf: (alarmName: string) => Mute | undefined;
  readonly omitContributor: boolean;
  readonly onTransition: (event: TransitionEvent) => void;
  readonly publish: (message: TopicMessage) => Promise<void>;
  readonly problems: Problems;
}

/** Carries out an alarm's actions, tells EventBridge, and keeps what mute rules hold back. */
export class AlarmSender {
  readonly #options: SenderOptions;
  readonly #muted = new MutedActions();

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Sends out what follows from a change. */
  async send(alarm: AlarmDefinition, change: Change): Promise<void> {
    const { muteOf, omitContributor, problems, onTransition } = this.#options;
    const mute = muteOf(alarm.name);
    this.#muted.note(alarm.name, change, mute !== undefined);
    if (mute === undefined) await this.#carryOut(alarm, actionsOf(alarm, change, omitContributor));
    await problems.attempt(`telling of ${alarm.name}`, () => onTransition(eventOf(alarm, change, mute)));
  }

  /**
   * Carries out what was muted, once the alarm no longer is. AWS: "When a mute window ends, if the targeted alarm(s)
   * remains in an alarming state [...] CloudWatch automatically re-triggers the alarm actions that were muted".
   */
  async unmute(alarm: AlarmDefinition): Promise<void> {
    const { muteOf, omitContributor } = this.#options;
    if (muteOf(alarm.name) !== undefined) return;
    for (const change of this.#muted.take(alarm.name)) {
      await this.#carryOut(alarm, actionsOf(alarm, change, omitContributor));
    }
  }

  /** Forgets what was muted of an alarm that is gone. */
  forget(alarmName: string): void {
    this.#muted.take(alarmName);
  }

  async #carryOut(alarm: AlarmDefinition, { invocations, topicMessages, leftOut }: Actions): Promise<void> {
    const { onTransition, problems, publish } = this.#options;
    for (const event of invocations) await problems.attempt(`an action of ${alarm.name}`, () => onTransition(event));
    for (const message of topicMessages) {
      await problems.attempt(`publishing to ${message.topicArn}`, () => publish(message));
    }
    for (const arn of leftOut) problems.tellOnce(`alarm ${alarm.name}: the sandbox carries out no action ${arn}`);
  }
}
