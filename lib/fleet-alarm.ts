import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { fleetQuery } from '../lambdas/core/insights-query.ts';
import { alarmName } from '../lambdas/core/names.ts';
import type { Slice } from '../remedies/slice.ts';

/** One alarm for one symptom of the whole fleet; each series of its query is a contributor that invokes the action by itself. */
export class FleetAlarm extends Construct {
  readonly name: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stackName: string;
      readonly slice: Slice;
      readonly metricNamespace: string;
      readonly actionArn: string;
    },
  ) {
    super(scope, id);
    const { slice, stackName, metricNamespace } = props;
    const { detection } = slice;
    this.name = alarmName(stackName, slice.id);
    new CfnAlarm(this, 'Alarm', {
      alarmName: this.name,
      alarmDescription: `${slice.symptom} somewhere in the fleet of ${stackName}; runbook: remedies/${slice.id}/README.md`,
      metrics: [
        {
          id: 'fleet',
          expression: fleetQuery(detection, metricNamespace),
          period: detection.periodSeconds,
          returnData: true,
        },
      ],
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      threshold: detection.threshold,
      evaluationPeriods: detection.evaluationPeriods,
      datapointsToAlarm: detection.datapointsToAlarm,
      // a contributor without data goes OK whatever is set here; "missing" keeps the alarm itself honest about no data at all
      treatMissingData: 'missing',
      alarmActions: [props.actionArn],
    });
  }
}
