import { loadPolicy } from '../aws/load-policy.ts';
import { type Swept, sweep } from '../sweep/sweep.ts';

/** Started by schedule; finds what nobody moved. */
export async function handler(): Promise<Swept> {
  return sweep(loadPolicy(), Date.now());
}
