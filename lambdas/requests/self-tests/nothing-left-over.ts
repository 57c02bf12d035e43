import { findLeftovers } from '../../sweep/leftovers.ts';
import { passed, type SelfTest } from './self-test.ts';

/** What deployments left and nothing needs: never a failure, it may stay. */
export const nothingLeftOver: SelfTest = {
  id: 'nothing-left-over',
  run: async (policy) => {
    const { versions, documents } = await findLeftovers(policy);
    const left = [...versions, ...documents];
    return passed(left.length === 0 ? 'nothing is left over' : `free to be deleted: ${left.join(', ')}`);
  },
};
