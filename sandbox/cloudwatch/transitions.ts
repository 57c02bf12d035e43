import type { Change } from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import type { EventBridgeEvent } from './eventbridge-event.ts';
import { type LambdaActionPayload, lambdaActionPayload, type Mute, stateChangeEvent } from './events.ts';
import { hasContributors } from './read-values.ts';
import { snsMessage } from './sns-message.ts';

/** What CloudWatch sends out when a state changes. */
export type TransitionEvent =
  | { readonly kind: 'lambda-action'; readonly functionArn: string; readonly payload: LambdaActionPayload }
  | { readonly kind: 'event-bridge'; readonly event: EventBridgeEvent };

/** A message for a topic, as an alarm action. */
export interface TopicMessage {
  readonly topicArn: string;
  readonly subject: string;
  readonly message: string;
}

/** What an alarm does about one change of state. */
export interface Actions {
  readonly invocations: readonly TransitionEvent[];
  readonly topicMessages: readonly TopicMessage[];
  /** Actions of kinds that the sandbox does not carry out. */
  readonly leftOut: readonly string[];
}

/** EventBridge hears of every change, also of a muted alarm's. */
export function eventOf(alarm: AlarmDefinition, change: Change, mute: Mute | undefined): TransitionEvent {
  return { kind: 'event-bridge', event: stateChangeEvent(alarm, change, mute) };
}

/** The actions of a change, unless they are off, or the contributors' own: where there are any, the alarm has none. */
export function actionsOf(alarm: AlarmDefinition, change: Change, omitContributor: boolean): Actions {
  const contributorsOwn = hasContributors(alarm.source) && change.contributor === undefined;
  const arns = alarm.actionsEnabled && !contributorsOwn ? alarm.actions[change.after.value] : [];
  const payload = lambdaActionPayload(alarm, change, omitContributor);
  return {
    invocations: arns
      .filter((arn) => serviceOf(arn) === 'lambda')
      .map((functionArn): TransitionEvent => ({ kind: 'lambda-action', functionArn, payload })),
    topicMessages: arns
      .filter((arn) => serviceOf(arn) === 'sns')
      .map((topicArn) => ({ topicArn, ...snsMessage(alarm, change) })),
    leftOut: arns.filter((arn) => serviceOf(arn) !== 'lambda' && serviceOf(arn) !== 'sns'),
  };
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}
