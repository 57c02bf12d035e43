import { arn } from '../../account.ts';
import { optionalText } from '../properties.ts';
import type { Physical } from '../resolver.ts';
import type { ResourceContext, ResourceType } from './resource-type.ts';

/** A resource that changes nothing in the sandbox: who may write where is shown by the simulator, not enforced here. */
export const nothing: ResourceType = {
  replacedBy: [],
  create: physical,
  update: physical,
  remove: () => {},
};

function physical({ logicalId, properties }: ResourceContext): Physical {
  const name = optionalText(properties['LogGroupName']) ?? logicalId;
  return { ref: name, attributes: { Arn: arn('logs', `log-group:${name}:*`) } };
}
