import { attributeOf, intrinsic, substituted } from './resolver.ts';
import type { Template, TemplateResource } from './template.ts';

/** Logical ids of a template's resources, each after those that it refers to or depends on; else in the template's order. */
export function dependencyOrder({ Resources }: Pick<Template, 'Resources'>): string[] {
  const ordered = new Set<string>();
  const visit = (logicalId: string, path: readonly string[]): void => {
    const resource = Resources[logicalId];
    if (ordered.has(logicalId) || resource === undefined) return;
    if (path.includes(logicalId)) throw new Error(`circular dependency: ${[...path, logicalId].join(' -> ')}`);
    for (const dependency of dependenciesOf(resource)) visit(dependency, [...path, logicalId]);
    ordered.add(logicalId);
  };
  for (const logicalId of Object.keys(Resources)) visit(logicalId, []);
  return [...ordered];
}

function dependenciesOf({ Properties, DependsOn = [] }: TemplateResource): string[] {
  return [...[DependsOn].flat(), ...references(Properties)];
}

/** Names that a value refers to; pseudo parameters are among them and no resource's. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (typeof value !== 'object' || value === null) return [];
  const [name, argument] = intrinsic(value) ?? [];
  if (name === 'Ref') return [String(argument)];
  if (name === 'Fn::GetAtt') return [attributeOf(argument)[0]];
  if (name === 'Fn::Sub') return substituted(argument).map((one) => attributeOf(one)[0]);
  return Object.values(value).flatMap(references);
}
