import {
  Alarm,
  CfnAlarm,
  type ComparisonOperator,
  type IMetric,
  type TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

/** What one alarm about the system itself watches; its page in docs/operator-runbook.md bears its name. */
export interface SelfAlarmProps {
  readonly alarmName: string;
  /** What is wrong while it is in ALARM, in one clause. */
  readonly says: string;
  readonly metric: IMetric;
  readonly comparison: ComparisonOperator;
  readonly threshold: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  /** Minutes after its creation in which nothing is evaluated. @default it is evaluated at once */
  readonly warmUpMinutes?: number;
  readonly topic: ITopic;
}

/** One alarm about the system itself: straight to a topic, on a path that the system has no part in. */
export class SelfAlarm extends Construct {
  constructor(scope: Construct, id: string, props: SelfAlarmProps) {
    super(scope, id);
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: props.alarmName,
      alarmDescription: `${props.says}; what to do: docs/operator-runbook.md, "${props.alarmName}"`,
      metric: props.metric,
      comparisonOperator: props.comparison,
      threshold: props.threshold,
      evaluationPeriods: props.evaluationPeriods,
      datapointsToAlarm: props.datapointsToAlarm,
      treatMissingData: props.treatMissingData,
    });
    const action = new SnsAction(props.topic);
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
    if (props.warmUpMinutes === undefined) return;
    const { defaultChild } = alarm.node;
    if (!CfnAlarm.isCfnAlarm(defaultChild)) throw new Error(`${props.alarmName} is not a CloudFormation alarm`);
    // https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-warm-up.html
    // cfn-lint 1.51.0 does not know the property yet, which CloudFormation's own schema has
    defaultChild.addMetadata('cfn-lint', { config: { ignore_checks: ['E3002'] } });
    defaultChild.warmUpConfiguration = { warmUpPeriodDurationInMinutes: props.warmUpMinutes };
  }
}
