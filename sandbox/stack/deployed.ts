import { accessKeyOf, type EventRule, type InvokePermission, permissionOf, ruleOf } from './declarations.ts';
import { listOf, recordOf, textOf } from './properties.ts';
import type { StackResource } from './stack-resource.ts';

/** One statement of a role's policies, intrinsic functions resolved. */
export interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** One function, as the template declares it. */
export interface DeployedFunction {
  readonly name: string;
  readonly role: string;
  readonly accessKeyId: string;
}

/** What a stack is made of at a moment, as the rest of the sandbox and tests look at it. */
export interface Deployed {
  /** By function name. */
  readonly functions: ReadonlyMap<string, DeployedFunction>;
  /** By the role's name, whichever resources declare them. */
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
  readonly rules: readonly EventRule[];
  readonly permissions: readonly InvokePermission[];
  /** Topic ARNs by logical id. */
  readonly topics: ReadonlyMap<string, string>;
  /** By logical id. */
  readonly tables: ReadonlyMap<string, { readonly name: string }>;
  /** By queue ARN. */
  readonly queueUrls: ReadonlyMap<string, string>;
}

/** Reads that off a stack's resources. */
export function deployedOf(resources: Iterable<StackResource>): Deployed {
  const byType = Map.groupBy(resources, ({ template }) => template.Type);
  const of = (type: string): readonly StackResource[] => byType.get(type) ?? [];
  return {
    functions: new Map(
      of('AWS::Lambda::Function').map(({ properties, physical: { ref: name } }) => {
        const role = textOf(properties['Role'], 'Role').split('/').at(-1) ?? '';
        return [name, { name, role, accessKeyId: accessKeyOf(name) }];
      }),
    ),
    statements: statementsByRole(of('AWS::IAM::Role'), of('AWS::IAM::Policy')),
    rules: of('AWS::Events::Rule').map(({ properties }) => ruleOf(properties)),
    permissions: of('AWS::Lambda::Permission').map(({ properties }) => permissionOf(properties)),
    topics: new Map(of('AWS::SNS::Topic').map(({ logicalId, physical }) => [logicalId, physical.ref])),
    tables: new Map(
      of('AWS::DynamoDB::GlobalTable').map(({ logicalId, physical }) => [logicalId, { name: physical.ref }]),
    ),
    queueUrls: new Map(of('AWS::SQS::Queue').map(({ physical }) => [physical.attributes['Arn'] ?? '', physical.ref])),
  };
}

function statementsByRole(
  roles: readonly StackResource[],
  policies: readonly StackResource[],
): Map<string, Statement[]> {
  const byRole = new Map<string, Statement[]>();
  const add = (role: string, document: unknown): void => {
    const statements: Statement[] = JSON.parse(JSON.stringify(listOf(recordOf(document)['Statement'])));
    byRole.set(role, [...(byRole.get(role) ?? []), ...statements]);
  };
  for (const { properties, physical } of roles) {
    for (const inline of listOf(properties['Policies'])) add(physical.ref, recordOf(inline)['PolicyDocument']);
  }
  for (const { properties } of policies) {
    for (const role of listOf(properties['Roles'])) add(textOf(role, 'a role'), properties['PolicyDocument']);
  }
  return byRole;
}
