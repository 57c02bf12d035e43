import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { DUE_INDEX, ENVIRONMENT, FUNCTIONS, functionName, OPT_IN_TAG } from '../lambdas/core/names.ts';
import { acknowledgeWildcard } from './acknowledge-wildcard.ts';
import type { CommandDocuments } from './command-documents.ts';
import type { HealingFunction } from './healing-function.ts';

/** Kinds of items in the state table, by the prefix of their key. */
export const STATE = {
  killSwitch: 'kill-switch',
  incidents: 'incident#*',
  claims: 'claim#*',
  lastActs: 'last-act#*',
  askedContributors: 'once#contributors#*',
  earlyWarnings: 'once#early#*',
  told: 'once#told#*',
  lastSweep: 'last-sweep',
  chores: 'chore#*',
} as const;
type StateKeys = readonly (typeof STATE)[keyof typeof STATE][];

/** Each grant gives a function its environment variable and the permission together. */
export function grantState(
  fn: HealingFunction,
  table: TableV2,
  keys: { readonly read: StateKeys; readonly put?: StateKeys; readonly update?: StateKeys; readonly list?: boolean },
): void {
  const leading = (prefixes: StateKeys) => ({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [...prefixes] } });
  fn.setVariable(ENVIRONMENT.stateTable, table.tableName);
  fn.allow({ actions: ['dynamodb:GetItem'], resources: [table.tableArn], conditions: leading(keys.read) });
  if (keys.put) fn.allow({ actions: ['dynamodb:PutItem'], resources: [table.tableArn], conditions: leading(keys.put) });
  if (keys.update)
    fn.allow({ actions: ['dynamodb:UpdateItem'], resources: [table.tableArn], conditions: leading(keys.update) });
  if (keys.list) fn.allow({ actions: ['dynamodb:Query'], resources: [`${table.tableArn}/index/${DUE_INDEX}`] });
}

/** Conditional puts only: nobody may update or delete a record. */
export function grantAudit(fn: HealingFunction, table: TableV2): void {
  fn.setVariable(ENVIRONMENT.auditTable, table.tableName);
  fn.allow({ actions: ['dynamodb:PutItem'], resources: [table.tableArn] });
}

/** Starts another function by its `live` alias. */
export function grantInvoke(
  fn: HealingFunction,
  name: (typeof ENVIRONMENT)[keyof typeof ENVIRONMENT],
  target: HealingFunction,
): void {
  fn.setVariable(name, target.live.functionArn);
  fn.allow({ actions: ['lambda:InvokeFunction'], resources: [target.live.functionArn] });
}

/** Read-only calls of which most know no resources: AWS wants `*`. */
export function grantDescribe(fn: HealingFunction, actions: readonly DescribeAction[]): void {
  fn.allow({ actions: [...actions], resources: ['*'] });
  acknowledgeWildcard(fn, '*', 'read-only calls, of which most know no resources: AWS wants *');
}
type DescribeAction =
  | 'ec2:DescribeInstances'
  | 'ec2:DescribeVolumes'
  | 'ec2:DescribeInstanceAttribute'
  | 'ec2:DescribeInstanceStatus'
  | 'ec2:DescribeInstanceTypes'
  | 'autoscaling:DescribeAutoScalingGroups'
  | 'ssm:DescribeInstanceInformation'
  | 'ssm:GetCommandInvocation'
  | 'ssm:ListCommands'
  | 'ssm:ListDocuments'
  | 'ssm:DescribeDocument'
  | 'cloudwatch:DescribeAlarms'
  | 'cloudwatch:DescribeAlarmContributors'
  | 'cloudwatch:ListAlarmMuteRules'
  | 'cloudwatch:GetMetricData';

/** Reads what both tables are like, and none of their items. */
export function grantDescribeTables(fn: HealingFunction, tables: readonly TableV2[]): void {
  fn.allow({
    actions: ['dynamodb:DescribeTable', 'dynamodb:DescribeContinuousBackups'],
    resources: tables.map(({ tableArn }) => tableArn),
  });
}

/** What guards read of an instance. */
export const DESCRIBE_INSTANCE = [
  'ec2:DescribeInstances',
  'ec2:DescribeVolumes',
  'autoscaling:DescribeAutoScalingGroups',
  'ssm:DescribeInstanceInformation',
] as const;

/** What is read of an instance before it is rebooted, stopped or replaced. */
export const DESCRIBE_WHOLE_INSTANCE = [
  'ec2:DescribeInstanceAttribute',
  'ec2:DescribeInstanceStatus',
  'ec2:DescribeInstanceTypes',
] as const;

/** Reboots, stops, starts and replaces, each only where the opt-in tag names the stack: the instance's, or its group's. */
export function grantChangeInstance(fn: HealingFunction, stackName: string): void {
  const instances = Stack.of(fn).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  const groups = Stack.of(fn).formatArn({
    service: 'autoscaling',
    resource: 'autoScalingGroup',
    resourceName: '*:autoScalingGroupName/*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  const optedIn = { StringEquals: { [`aws:ResourceTag/${OPT_IN_TAG}`]: stackName } };
  fn.allow({
    actions: ['ec2:RebootInstances', 'ec2:StopInstances', 'ec2:StartInstances'],
    resources: [instances],
    conditions: optedIn,
  });
  fn.allow({
    actions: ['autoscaling:TerminateInstanceInAutoScalingGroup'],
    resources: [groups],
    conditions: optedIn,
  });
  for (const resource of [instances, groups]) {
    acknowledgeWildcard(
      fn,
      resource,
      'instances and groups are not known at deployment; the condition lets only those through whose opt-in tag names this stack',
    );
  }
}

/** Reads this stack's own functions, their versions, aliases and executions: other functions' variables may hold secrets. */
export function grantReadFunctions(
  fn: HealingFunction,
  stackName: string,
  actions: readonly ReadFunctionAction[],
): void {
  const names = FUNCTIONS.map((key) => functionName(stackName, key));
  const arnOf = (resourceName: string): string =>
    Stack.of(fn).formatArn({
      service: 'lambda',
      resource: 'function',
      resourceName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  fn.allow({ actions: [...actions], resources: names.flatMap((name) => [arnOf(name), arnOf(`${name}:*`)]) });
  for (const name of names) {
    acknowledgeWildcard(fn, arnOf(`${name}:*`), 'reading only: the versions and aliases of one of our own functions');
  }
}
type ReadFunctionAction =
  | 'lambda:GetAlias'
  | 'lambda:GetFunctionConfiguration'
  | 'lambda:ListDurableExecutionsByFunction'
  | 'lambda:ListVersionsByFunction';

/**
 * Sends exactly these documents, to instances whose opt-in tag names the stack. Nothing goes live before the documents that
 * it knows are there; and each set of documents has a policy of its own, so that what was live may send its own until the end.
 */
export function grantSendCommand(
  fn: HealingFunction,
  documents: Pick<CommandDocuments, 'arns' | 'digest' | 'node'>,
  stackName: string,
): void {
  const instances = Stack.of(fn).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
  fn.live.node.addDependency(documents);
  fn.allowApart(`Send-${documents.digest}`, [
    { actions: ['ssm:SendCommand'], resources: [...documents.arns] },
    {
      actions: ['ssm:SendCommand'],
      resources: [instances],
      conditions: { StringEquals: { [`ssm:resourceTag/${OPT_IN_TAG}`]: stackName } },
    },
  ]);
  acknowledgeWildcard(
    fn,
    instances,
    'instances are not known at deployment; the condition lets only those through whose opt-in tag names this stack',
  );
}
