import { ACCOUNT } from '../../account.ts';
import { listOf } from '../properties.ts';
import { generatedName, type ResourceContext, type ResourceType } from './resource-type.ts';

/** AWS::IAM::Role: what it allows is read off the stack, see `deployedOf`. */
export const role: ResourceType = {
  replacedBy: ['RoleName', 'Path'],
  nameProperty: 'RoleName',
  create: (context) => {
    refuseManagedPolicies(context);
    const name = generatedName(context);
    return { ref: name, attributes: { Arn: `arn:aws:iam::${ACCOUNT}:role/${name}` } };
  },
  update: (context, current) => {
    refuseManagedPolicies(context);
    return current;
  },
  remove: () => {},
};

/** AWS::IAM::Policy: adds its statements to its roles. */
export const policy: ResourceType = {
  replacedBy: [],
  create: (context) => ({ ref: generatedName(context), attributes: {} }),
  update: (_context, current) => current,
  remove: () => {},
};

function refuseManagedPolicies({ logicalId, properties }: ResourceContext): void {
  const managed = listOf(properties['ManagedPolicyArns']);
  if (managed.length > 0)
    throw new Error(`${logicalId} has managed policies, which no simulator sees: ${managed.join(', ')}`);
}
