import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ENVIRONMENT } from '../../lambdas/core/names.ts';
import type { HealingFunction } from '../healing-function.ts';
import { BacklogAlarms } from './backlog-alarms.ts';
import { FunctionAlarms } from './function-alarms.ts';
import { SweepAlarms } from './sweep-alarms.ts';

export interface SelfAlarmsProps {
  readonly stackName: string;
  /** Every function of the system. */
  readonly functions: readonly HealingFunction[];
  readonly notify: HealingFunction;
  readonly sender: HealingFunction;
  readonly channelQueue: IQueue;
  readonly emails: readonly string[];
  /** @default a topic is made */
  readonly topic?: ITopic;
}

/** Who watches the watcher: alarms about the system itself, from CloudWatch straight to a topic of their own. */
export class SelfAlarms extends Construct {
  readonly topic: ITopic;

  constructor(scope: Construct, id: string, props: SelfAlarmsProps) {
    super(scope, id);
    const { stackName } = props;
    this.topic = props.topic ?? new Topic(this, 'Topic', { enforceSSL: true });
    this.#letAlarmsPublish();
    for (const email of props.emails) this.topic.addSubscription(new EmailSubscription(email));
    for (const fn of props.functions) new FunctionAlarms(this, fn.node.id, { fn, topic: this.topic });
    new SweepAlarms(this, 'Sweep', { stackName, topic: this.topic });
    const { notify, sender, channelQueue: queue } = props;
    new BacklogAlarms(this, 'Backlog', { notify, sender, queue, topic: this.topic });
  }

  /** Lets a function see who is told, to tell who did not confirm yet. */
  grantListSubscriptions(fn: HealingFunction): void {
    fn.setVariable(ENVIRONMENT.selfAlarmTopic, this.topic.topicArn);
    fn.allow({ actions: ['sns:ListSubscriptionsByTopic'], resources: [this.topic.topicArn] });
  }

  /**
   * A policy of its own takes the place of a topic's default one, under which alarms of the account may publish; and who
   * publishes to an encrypted topic needs its key:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Notify_Users_Alarm_Changes.html
   */
  #letAlarmsPublish(): void {
    const alarms = new ServicePrincipal('cloudwatch.amazonaws.com');
    this.topic.masterKey?.grant(alarms, 'kms:Decrypt', 'kms:GenerateDataKey*');
    if (this.topic.node.tryFindChild('Policy') === undefined) return;
    this.topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [alarms],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
