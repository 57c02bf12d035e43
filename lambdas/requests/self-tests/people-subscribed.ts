import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { sns } from '../../aws/clients.ts';
import { environmentVariable } from '../../aws/environment.ts';
import { ENVIRONMENT } from '../../core/names.ts';
import { type SelfTest, verdict } from './self-test.ts';

const TOPICS = [
  ['critical messages', ENVIRONMENT.criticalTopic],
  ['warnings', ENVIRONMENT.warningTopic],
  ["the system's own alarms", ENVIRONMENT.selfAlarmTopic],
] as const;

/** Each topic has a subscriber, and none still waits for the click that confirms it. */
export const peopleSubscribed: SelfTest = {
  id: 'people-subscribed',
  run: async () => {
    const problems = await Promise.all(
      TOPICS.map(([what, variable]) => problemOf(what, environmentVariable(variable))),
    );
    return verdict(
      problems.flat(),
      'every topic has a confirmed subscriber',
      'set notifications in self-healing.config.ts, and confirm by the link in the message from AWS',
    );
  },
};

async function problemOf(what: string, TopicArn: string): Promise<string[]> {
  const { Subscriptions = [] } = await sns().send(new ListSubscriptionsByTopicCommand({ TopicArn }));
  const pending = Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation');
  if (pending.length > 0) {
    return [`${pending.map(({ Endpoint }) => Endpoint).join(', ')} did not confirm yet for ${what}`];
  }
  return Subscriptions.length === 0 ? [`nobody gets ${what}`] : [];
}
