import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { OPT_IN_TAG, SelfHealing } from 'self-healing-ec2';
import config from './self-healing.config.ts';

/** The orders' own stack: their network, the topic that wakes their people, and the healing of their fleet. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    // its template carries every script of the healing, and CloudFormation takes 1 MB: blanks are left out
    super(scope, id, { suppressTemplateIndentation: true, ...props });
    const vpc = new Vpc(this, 'Vpc', { maxAzs: 2, natGateways: 1, flowLogs: { All: {} } });
    const oncall = new Topic(this, 'Oncall', { displayName: 'orders on call', enforceSSL: true });

    const healing = new SelfHealing(this, 'Healing', { config, network: { vpc }, topics: { critical: oncall } });

    new CfnOutput(this, 'Requests', { value: healing.answerRequest.live.functionArn });
    // only instances with this tag are ever touched: Tags.of(fleet).add(OPT_IN_TAG, healing.name)
    new CfnOutput(this, 'OptInTag', { value: `${OPT_IN_TAG}=${healing.name}` });
  }
}
