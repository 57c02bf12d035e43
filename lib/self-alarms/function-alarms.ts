import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, MathExpression, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { HealingFunction } from '../healing-function.ts';
import { SelfAlarm } from './self-alarm.ts';

const FIVE_MINUTES = Duration.minutes(5);

/** What any function of the system may suffer: letters that nobody took, failures, throttles, executions that failed. */
export class FunctionAlarms extends Construct {
  constructor(scope: Construct, id: string, props: { readonly fn: HealingFunction; readonly topic: ITopic }) {
    super(scope, id);
    const { fn, topic } = props;
    const name = fn.functionName;
    const shared = {
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      // Lambda and SQS put nothing while nothing happens, which is good
      treatMissingData: TreatMissingData.NOT_BREACHING,
      topic,
    };
    const count = (metricName: string) =>
      new Metric({
        namespace: 'AWS/Lambda',
        metricName,
        dimensionsMap: { FunctionName: name },
        statistic: 'Sum',
        period: FIVE_MINUTES,
      });
    new SelfAlarm(this, 'DeadLetters', {
      ...shared,
      alarmName: `${name}-dead-letters`,
      says: `${name} gave something up: it waits in its dead-letter queue`,
      metric: fn.deadLetters.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: Duration.minutes(1),
      }),
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
    // one failure is retried; failures in two of three periods are not a moment's
    new SelfAlarm(this, 'Failures', {
      ...shared,
      alarmName: `${name}-failures`,
      says: `${name} fails again and again`,
      metric: count('Errors'),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    new SelfAlarm(this, 'Throttles', {
      ...shared,
      alarmName: `${name}-throttles`,
      says: `Lambda throttles ${name}: the account's concurrency is used up`,
      metric: count('Throttles'),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
    });
    if (!fn.durable) return;
    // https://docs.aws.amazon.com/lambda/latest/dg/durable-monitoring.html: Errors counts invocations, not executions
    new SelfAlarm(this, 'FailedExecutions', {
      ...shared,
      alarmName: `${name}-failed-executions`,
      says: `executions of ${name} failed or ran out of time`,
      metric: new MathExpression({
        expression: 'FILL(failed, 0) + FILL(timedOut, 0)',
        usingMetrics: { failed: count('DurableExecutionFailed'), timedOut: count('DurableExecutionTimedOut') },
        period: FIVE_MINUTES,
        label: 'executions failed or timed out',
      }),
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
    });
  }
}
