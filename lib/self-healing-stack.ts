import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { defineConfig } from './config/define-config.ts';
import { stackNameOf } from './config/policy-from-config.ts';
import { SelfHealing, type SelfHealingProps } from './self-healing.ts';

export interface SelfHealingStackProps extends StackProps, SelfHealingProps {}

/** A stack of its own that holds the whole system and nothing else. */
export class SelfHealingStack extends Stack {
  constructor(scope: Construct, id: string, props: SelfHealingStackProps) {
    super(scope, id, {
      stackName: stackNameOf(defineConfig(props.config)),
      // the template carries every script, and CloudFormation takes 1 MB of it: blanks are left out
      suppressTemplateIndentation: true,
      ...props,
    });
    // `Default` is left out of logical ids: a change of them would replace the tables
    const healing = new SelfHealing(this, 'Default', props);
    const outputs: Record<string, string> = {
      OpenIncidentFunction: healing.openIncident.live.functionArn,
      AnswerRequestFunction: healing.answerRequest.live.functionArn,
      StateTableName: healing.stateTableName,
      AuditTableName: healing.auditTableName,
      CriticalTopicArn: healing.criticalTopic.topicArn,
      WarningTopicArn: healing.warningTopic.topicArn,
      SelfAlarmTopicArn: healing.selfAlarmTopic.topicArn,
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }
}
