import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { fleetQuery } from '../lambdas/core/insights-query.ts';
import { alarmName, earlyAlarmName } from '../lambdas/core/names.ts';
import type { Detecting } from '../remedies/slice.ts';

/** What an alarm is about: a slice, or what is watched as one is. */
export type Watched = Pick<Detecting, 'id' | 'symptom' | 'detection'> & {
  /** Where people read of it. @default the slice's runbook */
  readonly runbook?: string;
};

/** One alarm for one symptom of the whole fleet, or for what comes near it; each series of its query is a contributor that invokes the action by itself. */
export class FleetAlarm extends Construct {
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stackName: string;
      readonly slice: Watched;
      readonly metricNamespace: string;
      readonly actionArn: string;
      /** Whether it warns of the symptom before it is there, by the slice's early threshold. */
      readonly early?: boolean;
    },
  ) {
    super(scope, id);
    const { slice, stackName, metricNamespace } = props;
    const { detection } = slice;
    const early = props.early === true ? detection.early : undefined;
    const { threshold, evaluationPeriods, datapointsToAlarm } =
      early === undefined ? detection : { ...early, datapointsToAlarm: early.evaluationPeriods };
    this.name = (early === undefined ? alarmName : earlyAlarmName)(stackName, slice.id);
    new CfnAlarm(this, 'Alarm', {
      alarmName: this.name,
      alarmDescription: `${early === undefined ? '' : 'early warning of '}${slice.symptom} somewhere in the fleet of ${stackName}; runbook: ${slice.runbook ?? `remedies/${slice.id}/README.md`}`,
      metrics: [
        {
          id: 'fleet',
          expression: fleetQuery(detection, metricNamespace),
          period: detection.periodSeconds,
          returnData: true,
        },
      ],
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
      // a contributor without data goes OK whatever is set here; "missing" keeps the alarm itself honest about no data at all
      treatMissingData: 'missing',
      alarmActions: [props.actionArn],
    });
  }
}
