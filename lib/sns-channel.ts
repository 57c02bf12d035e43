import { Duration } from 'aws-cdk-lib';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../lambdas/core/names.ts';
import type { HealingFunction } from './healing-function.ts';
import type { Topics } from './topics.ts';

/** The SNS channel: its queue, from which its own sender publishes to one topic per severity. */
export class SnsChannel extends Construct {
  readonly critical: ITopic;
  readonly warning: ITopic;
  readonly queue: Queue;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly sender: HealingFunction;
      readonly criticalEmails: readonly string[];
      readonly warningEmails: readonly string[];
      readonly topics: Pick<Topics, 'critical' | 'warning'>;
    },
  ) {
    super(scope, id);
    const { sender, topics } = props;
    this.critical = this.#topic('Critical', props.criticalEmails, topics.critical);
    this.warning = this.#topic('Warning', props.warningEmails, topics.warning);
    this.queue = new Queue(this, 'Queue', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      visibilityTimeout: Duration.minutes(6),
      retentionPeriod: Duration.days(14),
      deadLetterQueue: { queue: sender.deadLetters, maxReceiveCount: 5 },
    });
    sender.live.addEventSource(new SqsEventSource(this.queue, { batchSize: 10, reportBatchItemFailures: true }));
    sender.setVariable(ENVIRONMENT.criticalTopic, this.critical.topicArn);
    sender.setVariable(ENVIRONMENT.warningTopic, this.warning.topicArn);
    sender.allow({ actions: ['sns:Publish'], resources: [this.critical.topicArn, this.warning.topicArn] });
    // who publishes to an encrypted topic asks KMS for the data key, and SNS in its name
    const keys = [this.critical, this.warning].flatMap(({ masterKey }) => (masterKey ? [masterKey.keyArn] : []));
    if (keys.length > 0) sender.allow({ actions: ['kms:GenerateDataKey', 'kms:Decrypt'], resources: keys });
  }

  /** Lets a function put messages into the channel's queue. */
  grantSend(fn: HealingFunction): void {
    fn.setVariable(ENVIRONMENT.snsQueue, this.queue.queueUrl);
    fn.allow({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] });
  }

  /** Lets a function see who gets what, to tell who did not confirm yet. */
  grantListSubscriptions(fn: HealingFunction): void {
    fn.setVariable(ENVIRONMENT.criticalTopic, this.critical.topicArn);
    fn.setVariable(ENVIRONMENT.warningTopic, this.warning.topicArn);
    fn.allow({
      actions: ['sns:ListSubscriptionsByTopic'],
      resources: [this.critical.topicArn, this.warning.topicArn],
    });
  }

  #topic(id: string, emails: readonly string[], own: ITopic | undefined): ITopic {
    const topic = own ?? new Topic(this, id, { enforceSSL: true });
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    return topic;
  }
}
