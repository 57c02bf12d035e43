import { runningExecutions } from '../aws/executions-reader.ts';
import { replacedVersions, taggedDocuments } from '../aws/versions-reader.ts';
import { DURABLE_FUNCTIONS, FUNCTIONS, functionName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';

/** What deployments left behind and nothing needs any more: a person may delete it, nobody has to. */
export interface Leftovers {
  /** `<function>:<version>`: replaced, and no execution is pinned to it. */
  readonly versions: readonly string[];
  /** Command documents of this stack that its policy does not name. */
  readonly documents: readonly string[];
}

/** Finds what is free to be deleted; a version stays as long as an execution that waits is pinned to it. */
export async function findLeftovers(policy: Policy): Promise<Leftovers> {
  const [versions, documents] = await Promise.all([
    Promise.all(FUNCTIONS.map((key) => freeVersions(functionName(policy.stack, key), DURABLE_FUNCTIONS.includes(key)))),
    taggedDocuments(policy.stack),
  ]);
  const scripted = [...Object.values(policy.remedies), ...policy.maintenance.chores];
  const inUse = new Set(scripted.flatMap(({ documents: own }) => Object.values(own)));
  return { versions: versions.flat(), documents: documents.filter((name) => !inUse.has(name)) };
}

async function freeVersions(name: string, durable: boolean): Promise<string[]> {
  const replaced = await replacedVersions(name);
  if (replaced.length === 0) return [];
  const pinned = new Set(durable ? (await runningExecutions(name)).map(({ version }) => version) : []);
  return replaced.filter((version) => !pinned.has(version)).map((version) => `${name}:${version}`);
}
