import { FUNCTIONS, type FunctionKey } from '../lambdas/core/names.ts';
import { REGION } from './account.ts';
import type { Fleet } from './fleet.ts';
import type { Deployed } from './stack/deployed.ts';

/** What `.sandbox/outputs.json` says: where the endpoint is, and what the stack's things are called there. */
export function outputsOf(
  endpoint: string,
  fleet: Fleet,
  deployed: Deployed,
  functionName: (key: FunctionKey) => string,
): object {
  const tables = [...deployed.tables];
  const named = (part: string): string | undefined => tables.find(([id]) => id.startsWith(part))?.[1].name;
  const topics = [...deployed.topics];
  const topic = (part: string): string | undefined => topics.find(([id]) => id.includes(part))?.[1];
  return {
    endpoint,
    region: REGION,
    instances: [...fleet.members.keys()],
    functions: Object.fromEntries(FUNCTIONS.map((key) => [key, functionName(key)])),
    tables: { state: named('State'), audit: named('Audit') },
    topics: { critical: topic('Critical'), warning: topic('Warning') },
  };
}
