import { isDeepStrictEqual } from 'node:util';
import { optionalText, recordOf } from './properties.ts';
import type { Physical } from './resolver.ts';
import { RESOURCE_TYPES } from './resources/index.ts';
import type { ResourceContext, ResourceType, Services } from './resources/resource-type.ts';
import type { TemplateResource } from './template.ts';

/** A resource that a stack holds. */
export interface StackResource {
  readonly logicalId: string;
  readonly stackName: string;
  readonly template: TemplateResource;
  /** Properties with every intrinsic function resolved. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** Assets of the deployment that last changed it. */
  readonly assetFolder: string;
  readonly physical: Physical;
}

/** A resource as a template wants it, not made yet. */
export type WantedResource = Omit<StackResource, 'physical'>;

/** What a deployment does to one resource. */
export type ChangeKind = 'nothing' | 'create' | 'update' | 'replace';

/** What must happen for a stack to have the wanted resource. @throws Error for what CloudFormation would refuse */
export function changeTo(wanted: WantedResource, held: StackResource | undefined): ChangeKind {
  if (held === undefined) return 'create';
  const { logicalId, template, properties } = wanted;
  if (held.template.Type !== template.Type) {
    throw new Error(`Update of resource type is not permitted: ${logicalId} is a ${held.template.Type}`);
  }
  if (isDeepStrictEqual(held.properties, properties)) return 'nothing';
  const { replacedBy, nameProperty, ...type } = typeOf(wanted);
  const changes = (name: string): boolean =>
    name.endsWith('?')
      ? name.slice(0, -1) in held.properties !== name.slice(0, -1) in properties
      : !isDeepStrictEqual(held.properties[name], properties[name]);
  if (replacedBy === 'all' || replacedBy.some(changes)) {
    const name = optionalText(properties[nameProperty ?? '']);
    if (name !== undefined && name === held.properties[nameProperty ?? '']) {
      throw new Error(
        `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${name} and update the stack again.`,
      );
    }
    return 'replace';
  }
  if (type.update === undefined) throw new Error(`the sandbox cannot change ${logicalId}, a ${template.Type}`);
  return 'update';
}

export async function create(wanted: WantedResource, services: Services): Promise<StackResource> {
  return { ...wanted, physical: await typeOf(wanted).create(contextOf(wanted, services)) };
}

/** Changes a resource in place. */
export async function update(wanted: WantedResource, current: Physical, services: Services): Promise<StackResource> {
  const physical = await typeOf(wanted).update?.(contextOf(wanted, services), current);
  return { ...wanted, physical: physical ?? current };
}

export async function remove(resource: StackResource, services: Services): Promise<void> {
  await typeOf(resource).remove(contextOf(resource, services), resource.physical);
}

function typeOf({ logicalId, template: { Type } }: WantedResource): ResourceType {
  const type = RESOURCE_TYPES[Type];
  if (type === undefined) throw new Error(`the sandbox does not know the resource type ${Type} of ${logicalId}`);
  return type;
}

function contextOf(
  { logicalId, stackName, properties, assetFolder }: WantedResource,
  services: Services,
): ResourceContext {
  return { logicalId, stackName, properties: recordOf(properties), assetFolder, services };
}
