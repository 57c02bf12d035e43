import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { appendRecord } from '../aws/audit-log.ts';
import { noteEnded } from '../aws/state/chores.ts';
import { iso } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import type { LastRun } from '../core/maintenance/last-run.ts';
import type { MaintenanceRun } from '../core/maintenance/run.ts';
import { describeTally, type RunEnd, tally } from '../core/maintenance/tally.ts';
import { resultOf, type Visit } from '../core/maintenance/visit.ts';
import { numberOf, wavesOf } from '../core/maintenance/waves.ts';
import type { Policy } from '../core/policy.ts';
import { begin, type Stop } from './begin.ts';
import { wave } from './wave.ts';

/** Place of the run's own record: after those of every wave. */
const LAST_WAVE = 999_999;

/**
 * One run of a chore over the fleet: begin, wave after wave, until all are visited, too many failed, or something says stop.
 * It opens no incident: nothing is wrong.
 */
export async function maintain(ctx: DurableContext, run: MaintenanceRun, policy: Policy): Promise<RunEnd> {
  const { instanceIds, stop } = await ctx.step('begin', () => begin(run, policy, Date.now()));
  if (stop !== undefined) return end(ctx, run, policy, [], instanceIds.length, stop);
  const { maxConcurrency, maxErrors } = policy.maintenance;
  const mostErrors = numberOf(maxErrors, instanceIds.length);
  const visits: Visit[] = [];
  for (const [place, ids] of wavesOf(instanceIds, run.runId, maxConcurrency).entries()) {
    const done = await wave(ctx, run, place + 1, ids, policy);
    if ('stop' in done) return end(ctx, run, policy, visits, instanceIds.length, done.stop);
    visits.push(...done.visits);
    const failed = visits.filter((visit) => resultOf(visit) === 'failed').length;
    if (failed > mostErrors) {
      const detail = `it failed on ${failed} instances, more than maxErrors allows (${maxErrors})`;
      return end(ctx, run, policy, visits, instanceIds.length, { ended: 'too-many-errors', detail });
    }
  }
  return end(ctx, run, policy, visits, instanceIds.length);
}

/** Records what the run did, once, and notes it for whoever asks. */
async function end(
  ctx: DurableContext,
  { choreId, runId, startedBy }: MaintenanceRun,
  policy: Policy,
  visits: readonly Visit[],
  instances: number,
  stop?: Stop,
): Promise<RunEnd> {
  const ended = stop?.ended ?? 'finished';
  const counted = tally(visits, instances);
  const summary = `${describeTally(counted)}${stop === undefined ? '' : `; ${stop.detail}`}`;
  await ctx.step('end', async () => {
    const nowMillis = Date.now();
    await appendRecord(
      { stack: policy.stack, subject: runId, order: orderOf(LAST_WAVE, 0, 'maintenance-ended') },
      { kind: 'maintenance-ended', choreId, startedBy, ended, summary, ...counted, policyDigest: policy.digest },
      nowMillis,
    );
    const lastRun: LastRun = { runId, ended, endedAt: iso(nowMillis), summary, failed: counted.counts.failed };
    await noteEnded(choreId, lastRun, startedBy === 'schedule');
  });
  return ended;
}
