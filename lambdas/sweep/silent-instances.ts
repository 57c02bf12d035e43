import { reporting, reportsAlone } from '../aws/metric-reader.ts';
import { runningInstances } from '../aws/running-instances.ts';
import type { Policy } from '../core/policy.ts';

/** A query answers with at most this many series; who is missing from a full answer is asked for one by one. */
const MOST_SERIES = 500;

/** Opted-in instances that run, are past their warm-up, and of which no metric arrived in the last 10 minutes. */
export async function silentInstances(policy: Policy, nowMillis: number): Promise<string[]> {
  const [instances, heard] = await Promise.all([runningInstances(policy.stack), reporting(policy, nowMillis)]);
  const missing = instances
    .filter(({ launchedAtMillis }) => nowMillis - launchedAtMillis >= policy.warmUpSeconds * 1000)
    .map(({ instanceId }) => instanceId)
    .filter((instanceId) => !heard.has(instanceId));
  if (heard.size < MOST_SERIES) return missing;
  const silent: string[] = [];
  for (const instanceId of missing) {
    if (!(await reportsAlone(policy, instanceId, nowMillis))) silent.push(instanceId);
  }
  return silent;
}
