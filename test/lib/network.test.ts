import { Stack } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { SelfHealingStack } from '../../lib/index.ts';
import type { Network } from '../../lib/network.ts';
import { listOf, recordOf } from '../../sandbox/stack/properties.ts';
import { checkedTemplate, somebodysApp } from './somebodys-app.ts';
import { propertiesOf, resourcesOf, synthesized, textOf } from './synthesized.ts';

const env = { account: '123456789012', region: 'us-east-1' };

/** The template of a stack whose functions run in a VPC, which `choose` makes a network of. */
function inVpc(choose: (vpc: Vpc, stack: Stack) => Network, heldAgainstCloudFormation = false) {
  const app = somebodysApp({ heldAgainstCloudFormation });
  const land = new Stack(app, 'Land', { env });
  const vpc = new Vpc(land, 'Vpc', { maxAzs: 2, flowLogs: { All: {} } });
  const network = choose(vpc, land);
  return checkedTemplate(
    app,
    new SelfHealingStack(app, 'SelfHealing', { config: { stackName: 'fleet' }, env, network }),
  );
}

const template = inVpc((vpc) => ({ vpc }), true);
const placesOf = (of: typeof template) =>
  propertiesOf(of, 'AWS::Lambda::Function').map(({ VpcConfig }) => recordOf(VpcConfig));
const subnetsOf = (of: typeof template) =>
  placesOf(of).map(({ SubnetIds }) => listOf(SubnetIds).map((id) => JSON.stringify(id)));

const CALLS = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

test('without a network no function is in a VPC, and none may make an interface', () => {
  const alone = synthesized();
  for (const one of propertiesOf(alone, 'AWS::Lambda::Function')) expect(one).not.toHaveProperty('VpcConfig');
  expect(JSON.stringify(alone)).not.toContain('NetworkInterface');
  expect(resourcesOf(alone, 'AWS::EC2::SecurityGroup')).toEqual([]);
});

test('every function runs in private subnets with a way out, each in a group of its own that lets nothing in', () => {
  for (const subnets of subnetsOf(template)) {
    expect(subnets).toEqual([
      expect.stringContaining('VpcPrivateSubnet1'),
      expect.stringContaining('VpcPrivateSubnet2'),
    ]);
  }
  const groups = placesOf(template).map(({ SecurityGroupIds }) => JSON.stringify(SecurityGroupIds));
  expect(new Set(groups).size).toBe(9);
  for (const group of propertiesOf(template, 'AWS::EC2::SecurityGroup'))
    expect(group).not.toHaveProperty('SecurityGroupIngress');
});

test('subnets and groups may be chosen', () => {
  const chosen = inVpc((vpc, stack) => ({
    vpc,
    subnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS, availabilityZones: vpc.availabilityZones.slice(0, 1) },
    securityGroups: [new SecurityGroup(stack, 'Group', { vpc })],
  }));
  for (const subnets of subnetsOf(chosen)) expect(subnets).toEqual([expect.stringContaining('VpcPrivateSubnet1')]);
  expect(new Set(placesOf(chosen).map(({ SecurityGroupIds }) => JSON.stringify(SecurityGroupIds))).size).toBe(1);
  expect(resourcesOf(chosen, 'AWS::EC2::SecurityGroup')).toEqual([]);
});

describe.each(
  propertiesOf(template, 'AWS::Lambda::Function').map((one) => [textOf(one['FunctionName']), one] as const),
)('the role of %s', (name, { Role }) => {
  const [roleId = ''] = listOf(recordOf(Role)['Fn::GetAtt']).map(String);
  const statements = propertiesOf(template, 'AWS::IAM::Policy')
    .filter(({ Roles }) => JSON.stringify(Roles).includes(roleId))
    .flatMap(({ PolicyDocument }) => listOf(recordOf(PolicyDocument)['Statement']).map(recordOf))
    .filter(({ Action }) => JSON.stringify(Action).includes('NetworkInterface'));

  test("lets Lambda make the function's interfaces, inline, and denies the same calls to the function's own code", () => {
    expect(statements).toEqual([
      { Effect: 'Allow', Action: expect.arrayContaining(CALLS), Resource: '*' },
      {
        Effect: 'Deny',
        Action: CALLS,
        Resource: '*',
        Condition: {
          ArnEquals: { 'lambda:SourceFunctionArn': [`arn:aws:lambda:us-east-1:123456789012:function:${name}`] },
        },
      },
    ]);
    expect(template.Resources[roleId]?.Properties).not.toHaveProperty('ManagedPolicyArns');
  });

  test('is complete before the function is made: Lambda tries the interfaces at once', () => {
    const made = Object.values(template.Resources).find(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties?.['FunctionName'] === name,
    );
    const [policyId] =
      resourcesOf(template, 'AWS::IAM::Policy').find(([, { Properties }]) =>
        JSON.stringify(Properties?.['Roles']).includes(roleId),
      ) ?? [];
    expect(made).toHaveProperty('DependsOn', expect.arrayContaining([policyId]));
  });
});
