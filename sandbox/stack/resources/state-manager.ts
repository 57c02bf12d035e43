import { numberOf } from '../properties.ts';
import type { ResourceContext, ResourceType, Services } from './resource-type.ts';

/**
 * AWS::SSM::Association: made and changed only once it succeeded, where it says so. Fails otherwise as soon as it failed, or
 * when its time is over: as the provider in aws-cloudformation/aws-cloudformation-resource-providers-ssm does.
 */
export const association: ResourceType = {
  replacedBy: [],
  create: async ({ properties, services }) => {
    const { associations } = services.ssm;
    const { id } = associations.create({ ...properties });
    // What failed is taken back at once, as a roll-back would.
    await waitForSuccess(id, properties, services).catch((error: unknown) => {
      associations.delete(id);
      throw error;
    });
    return { ref: id, attributes: { AssociationId: id } };
  },
  update: async ({ properties, services }, current) => {
    const { associations } = services.ssm;
    const { input } = associations.get(current.ref).content;
    associations.update(current.ref, { ...properties });
    await waitForSuccess(current.ref, properties, services).catch((error: unknown) => {
      associations.update(current.ref, input);
      throw error;
    });
    return current;
  },
  remove: ({ services }, { ref }) => services.ssm.associations.delete(ref),
};

async function waitForSuccess(
  id: string,
  { WaitForSuccessTimeoutSeconds: withinSeconds }: ResourceContext['properties'],
  { ssm }: Services,
): Promise<void> {
  if (withinSeconds === undefined) return;
  const overview = await ssm.associations.settled(id, numberOf(withinSeconds, 0));
  if (overview !== 'Success') {
    throw new Error(`Resource of type 'AWS::SSM::Association' with identifier '${id}' did not stabilize.`);
  }
}
