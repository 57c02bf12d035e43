import { Duration } from 'aws-cdk-lib';
import { ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { SELF_METRIC_NAMESPACE, type SelfMetrics } from '../../lambdas/core/self-metrics.ts';
import { SelfAlarm } from './self-alarm.ts';

/** A sweep is due every 5 minutes: three in a row that did not come to their end are no accident. */
const MISSING_AFTER_MINUTES = 15;

/** What the sweep counts, and whether it runs at all. */
export class SweepAlarms extends Construct {
  constructor(scope: Construct, id: string, props: { readonly stackName: string; readonly topic: ITopic }) {
    super(scope, id);
    const { stackName, topic } = props;
    const metric = (metricName: keyof SelfMetrics, statistic: string, minutes: number) =>
      new Metric({
        namespace: SELF_METRIC_NAMESPACE,
        metricName,
        dimensionsMap: { Stack: stackName },
        statistic,
        period: Duration.minutes(minutes),
      });
    new SelfAlarm(this, 'MissingSweeps', {
      alarmName: `${stackName}-missing-sweeps`,
      says: `no sweep came to its end for ${MISSING_AFTER_MINUTES} minutes: what nobody moves stays where it is`,
      metric: metric('SweepsCompleted', 'Sum', MISSING_AFTER_MINUTES),
      comparison: ComparisonOperator.LESS_THAN_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      // no data is what this alarm is about
      treatMissingData: TreatMissingData.BREACHING,
      // else every new stack would begin with a page
      warmUpMinutes: 2 * MISSING_AFTER_MINUTES,
      topic,
    });
    const counted = {
      comparison: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold: 1,
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      // a sweep that could not count puts no number: that is neither a recovery nor a new alarm
      treatMissingData: TreatMissingData.IGNORE,
      topic,
    };
    new SelfAlarm(this, 'SilentInstances', {
      ...counted,
      alarmName: `${stackName}-silent-instances`,
      says: 'opted-in instances run, and their metrics do not arrive: what ails them is not seen',
      metric: metric('SilentInstances', 'Maximum', 5),
    });
    new SelfAlarm(this, 'OverdueExecutions', {
      ...counted,
      alarmName: `${stackName}-overdue-executions`,
      says: 'durable executions are older than any may become',
      metric: metric('OverdueExecutions', 'Maximum', 5),
    });
  }
}
