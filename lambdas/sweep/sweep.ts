import { log } from '../aws/log.ts';
import { emitMetrics } from '../aws/metrics.ts';
import { writeLastSweep } from '../aws/state/last-sweep.ts';
import type { Policy } from '../core/policy.ts';
import type { SelfMetrics } from '../core/self-metrics.ts';
import { findLeftovers, type Leftovers } from './leftovers.ts';
import { moveIncidents } from './move-incidents.ts';
import { openUncovered } from './open-uncovered.ts';
import { overdueExecutions } from './overdue-executions.ts';
import { warnUncovered } from './warn-uncovered.ts';
import { silentInstances } from './silent-instances.ts';
import { startChores } from './start-chores.ts';

/** What one pass did and saw. */
export interface Swept {
  /** Incidents that nobody moved, started again. */
  readonly moved: readonly string[];
  /** Alarms in ALARM that had no incident. */
  readonly opened: readonly string[];
  /** Runs of maintenance that were due. */
  readonly maintained: readonly string[];
  /** What came near to a symptom, of which nobody had been warned. */
  readonly warned: readonly string[];
  /** Opted-in instances that run and whose metrics do not arrive. */
  readonly silent: readonly string[];
  /** Executions older than any may become, as `<function>: <name>`. */
  readonly overdue: readonly string[];
  /** What deployments left and nothing needs any more. */
  readonly leftovers: Leftovers;
  /** What could not be swept this time; the next pass tries again. */
  readonly problems: readonly string[];
}

/**
 * The scheduled pass: alarms fire only on a change of state, so this is the retry (S29); and who watches the fleet and the
 * system itself for what brings no event. One failure stops no other (S25).
 */
export async function sweep(policy: Policy, nowMillis: number): Promise<Swept> {
  const problems: string[] = [];
  const tried = async <T>(what: string, act: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await act();
    } catch (error) {
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const moved = await moveIncidents(policy, nowMillis, tried);
  const opened = await openUncovered(policy, nowMillis, tried);
  const maintained = await startChores(policy, nowMillis, tried);
  const warned = await warnUncovered(policy, nowMillis, tried);
  const [silent, overdue, leftovers] = await Promise.all([
    tried('silent instances', () => silentInstances(policy, nowMillis)),
    tried('overdue executions', () => overdueExecutions(policy, nowMillis)),
    tried('leftovers', () => findLeftovers(policy)),
  ]);
  await tried('last sweep', () => writeLastSweep(nowMillis));
  const metrics: SelfMetrics = {
    SweepsCompleted: 1,
    ...(silent === undefined ? {} : { SilentInstances: silent.length }),
    ...(overdue === undefined ? {} : { OverdueExecutions: overdue.length }),
  };
  const swept = {
    moved,
    opened,
    maintained,
    warned,
    silent: silent ?? [],
    overdue: overdue ?? [],
    leftovers: leftovers ?? { versions: [], documents: [] },
    problems,
  };
  log(problems.length > 0 ? 'WARN' : 'INFO', 'swept', swept);
  emitMetrics(policy.stack, metrics, nowMillis);
  return swept;
}

/** Runs one part of a pass and notes what went wrong with it. */
export type Tried = <T>(what: string, act: () => Promise<T>) => Promise<T | undefined>;
