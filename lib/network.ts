import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';

/**
 * A VPC for the functions. They call AWS's APIs and nothing else: its subnets need a way there, by NAT or by interface
 * endpoints of Lambda, SSM, EC2, CloudWatch, Auto Scaling, SNS, SQS and a gateway endpoint of DynamoDB.
 */
export interface Network {
  readonly vpc: IVpc;
  /** @default private subnets with a way out */
  readonly subnets?: SubnetSelection;
  /** @default one group per function is made */
  readonly securityGroups?: readonly ISecurityGroup[];
}

/** The network as a function's properties; none where there is no VPC. */
export function networkOptions(
  network: Network | undefined,
): Pick<FunctionOptions, 'vpc' | 'vpcSubnets' | 'securityGroups'> {
  if (network === undefined) return {};
  const { vpc, subnets, securityGroups } = network;
  return {
    vpc,
    ...(subnets === undefined ? {} : { vpcSubnets: subnets }),
    ...(securityGroups === undefined ? {} : { securityGroups: [...securityGroups] }),
  };
}

const INTERFACE_ACTIONS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

/**
 * Lets Lambda itself make the function's network interfaces: what AWS's managed policy for VPC access grants. The
 * function's own code may not: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html
 */
export function allowNetworkInterfaces(scope: Construct, role: Role, functionName: string): void {
  role.addToPolicy(new PolicyStatement({ actions: INTERFACE_ACTIONS, resources: ['*'] }));
  const functionArn = Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: functionName,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: INTERFACE_ACTIONS,
      resources: ['*'],
      conditions: { ArnEquals: { 'lambda:SourceFunctionArn': [functionArn] } },
    }),
  );
  acknowledgeWildcard(
    scope,
    '*',
    "Lambda makes the function's network interfaces, and AWS wants * there; the function's own code is denied it",
  );
}
