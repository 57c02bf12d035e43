import type { Detecting } from '../../remedies/slice.ts';
import { readTags } from '../aws/fleet-reader.ts';
import { OPT_IN_TAG } from '../core/names.ts';

/**
 * Whether a symptom of an instance is this stack's affair. A metric that AWS itself puts is of every instance of the account:
 * there only opting in makes it so, and nobody is told of the others. Throws where the tags cannot be read.
 */
export async function isOurs({ detection }: Detecting, instanceId: string, stack: string): Promise<boolean> {
  if (detection.namespace === undefined) return true;
  return (await readTags(instanceId))?.[OPT_IN_TAG] === stack;
}
