import { Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ArnFormat } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { HealingFunction } from './healing-function.ts';

/** Both ways by which alarms reach `open-incident`: their direct action, and EventBridge's contributor event. */
export class AlarmIntake extends Construct {
  /** What alarms name as their action. */
  readonly actionArn: string;

  constructor(
    scope: Construct,
    id: string,
    props: {
      readonly stackName: string;
      /** Every alarm that opens incidents, by its exact name: another stack's name may begin with this one's. */
      readonly alarmNames: readonly string[];
      readonly opener: HealingFunction;
    },
  ) {
    super(scope, id);
    const { opener, stackName, alarmNames } = props;
    this.actionArn = opener.live.functionArn;
    // one permission for all alarms of the stack: the function's policy holds 20 KB
    opener.live.addPermission('Alarms', {
      principal: new ServicePrincipal('lambda.alarms.cloudwatch.amazonaws.com'),
      sourceAccount: Stack.of(this).account,
      sourceArn: Stack.of(this).formatArn({
        service: 'cloudwatch',
        resource: 'alarm',
        resourceName: `${stackName}-*`,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
    });
    const rule = new Rule(this, 'ContributorEvents', {
      description: `alarm contributors of ${stackName} that change state`,
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm Contributor State Change', 'CloudWatch Alarm State Change'],
        detail: { alarmName: [...alarmNames], state: { value: ['ALARM'] } },
      },
    });
    rule.addTarget(new LambdaTarget(opener.live, { deadLetterQueue: opener.deadLetters }));
  }
}
