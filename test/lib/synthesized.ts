import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../../lib/config/config.ts';
import { BUNDLES } from '../../lib/function-code.ts';
import { listOf, optionalText, recordOf } from '../../sandbox/stack/properties.ts';
import { synthesize, type Template, type TemplateResource } from '../../sandbox/stack/template.ts';

/** One statement of a role, with intrinsic functions written as text: `${State.Arn}`. */
export interface RoleStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The template that `cdk deploy` would deploy, of the fleet's stack. */
export function synthesized(config: Config = { stackName: 'fleet', mode: 'act' }): Template {
  const folder = mkdtempSync(join(tmpdir(), 'self-healing-synth-'));
  try {
    return synthesize(config, BUNDLES, folder).template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Resources of a type, by logical id. */
export function resourcesOf(template: Template, type: string): [logicalId: string, resource: TemplateResource][] {
  return Object.entries(template.Resources).filter(([, { Type }]) => Type === type);
}

/** Properties of all resources of a type. */
export function propertiesOf(template: Template, type: string): Readonly<Record<string, unknown>>[] {
  return resourcesOf(template, type).map(([, { Properties }]) => Properties ?? {});
}

/** A value of the template as text; what is only known at deployment stands in `${}`. */
export function textOf(value: unknown): string {
  const record = recordOf(value);
  if ('Ref' in record) return `\${${String(record['Ref'])}}`;
  if ('Fn::GetAtt' in record) return `\${${listOf(record['Fn::GetAtt']).join('.')}}`;
  if ('Fn::Join' in record) {
    const [separator, parts] = listOf(record['Fn::Join']);
    return listOf(parts).map(textOf).join(String(separator));
  }
  if (typeof value !== 'string') throw new Error(`no text: ${JSON.stringify(value)}`);
  return value;
}

/** What each function's role may, by the function's name. */
export function statementsByFunction(template: Template): Map<string, RoleStatement[]> {
  const policies = propertiesOf(template, 'AWS::IAM::Policy');
  return new Map(
    propertiesOf(template, 'AWS::Lambda::Function').map(({ FunctionName, Role }) => {
      const role = textOf(Role).replace('.Arn}', '}');
      const own = policies.filter(({ Roles }) => listOf(Roles).map(textOf).includes(role));
      const statements = own.flatMap(({ PolicyDocument }) => listOf(recordOf(PolicyDocument)['Statement']));
      return [textOf(FunctionName), statements.map(readStatement)];
    }),
  );
}

function readStatement(statement: unknown): RoleStatement {
  const { Effect, Action, Resource, Condition } = recordOf(statement);
  if (Effect !== 'Allow') throw new Error(`unexpected effect ${optionalText(Effect)}`);
  const conditions = Object.entries(recordOf(Condition)).map(([operator, keys]) => [operator, recordOf(keys)] as const);
  return {
    actions: many(Action),
    resources: many(Resource),
    conditions: Object.fromEntries(conditions),
  };
}

const many = (value: unknown): string[] => (Array.isArray(value) ? value : [value]).map(textOf);
