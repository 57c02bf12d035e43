import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { HealingFunction } from '../healing-function.ts';
import { SelfAlarm } from './self-alarm.ts';

/** How long a record or a message may wait to be told. */
const MOST_SECONDS = 900;

/** Whether people are told in time: records that wait to be routed, messages that wait to be sent. */
export class BacklogAlarms extends Construct {
  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly notify: HealingFunction;
      readonly sender: HealingFunction;
      readonly queue: IQueue;
      readonly topic: ITopic;
    },
  ) {
    super(scope, id);
    const { notify, sender, queue, topic } = props;
    const shared = {
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // nothing waits: neither metric is put
      treatMissingData: TreatMissingData.NOT_BREACHING,
      topic,
    };
    new SelfAlarm(this, 'Records', {
      ...shared,
      alarmName: `${notify.functionName}-backlog`,
      says: `records of the audit table wait longer than ${MOST_SECONDS / 60} minutes to be routed to people`,
      metric: new Metric({
        namespace: 'AWS/Lambda',
        metricName: 'IteratorAge',
        dimensionsMap: { FunctionName: notify.functionName },
        statistic: 'Maximum',
        period: Duration.minutes(5),
      }),
      threshold: MOST_SECONDS * 1000,
    });
    new SelfAlarm(this, 'Messages', {
      ...shared,
      alarmName: `${sender.functionName}-backlog`,
      says: `messages wait longer than ${MOST_SECONDS / 60} minutes to be sent`,
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: Duration.minutes(5) }),
      threshold: MOST_SECONDS,
    });
  }
}
