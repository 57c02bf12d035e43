import type { Change } from './alarm-state.ts';
import type { AlarmDefinition } from './definition.ts';
import type { EventBridgeEvent } from './eventbridge-event.ts';
import { type LambdaActionPayload, lambdaActionPayload, type Mute, stateChangeEvent } from './events.ts';
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

/** Everything that follows from one change of state. */
export interface Consequences {
  readonly events: readonly TransitionEvent[];
  readonly topicMessages: readonly TopicMessage[];
  /** Actions of kinds that the sandbox does not carry out. */
  readonly leftOut: readonly string[];
}

export interface ConsequenceOptions {
  readonly mute: Mute | undefined;
  readonly omitContributor: boolean;
  /** Whether the alarm has contributors: then Lambda and SNS actions are theirs and not the alarm's. */
  readonly actsByContributor: boolean;
}

/** EventBridge hears of every change; actions follow unless they are off, muted, or the contributors' own. */
export function consequencesOf(alarm: AlarmDefinition, change: Change, options: ConsequenceOptions): Consequences {
  const { mute, omitContributor, actsByContributor } = options;
  const event: TransitionEvent = { kind: 'event-bridge', event: stateChangeEvent(alarm, change, mute) };
  const contributorsOwn = actsByContributor && change.contributor === undefined;
  const acts = alarm.actionsEnabled && mute === undefined && !contributorsOwn;
  const arns = acts ? alarm.actions[change.after.value] : [];
  const payload = lambdaActionPayload(alarm, change, omitContributor);
  return {
    events: [
      ...arns
        .filter((arn) => serviceOf(arn) === 'lambda')
        .map((functionArn): TransitionEvent => ({ kind: 'lambda-action', functionArn, payload })),
      event,
    ],
    topicMessages: arns
      .filter((arn) => serviceOf(arn) === 'sns')
      .map((topicArn) => ({ topicArn, ...snsMessage(alarm, change) })),
    leftOut: arns.filter((arn) => serviceOf(arn) !== 'lambda' && serviceOf(arn) !== 'sns'),
  };
}

function serviceOf(arn: string): string {
  return arn.split(':')[2] ?? '';
}
