import { readFleetIds } from '../aws/running-instances.ts';
import { noteBegun } from '../aws/state/chores.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { holdOfRun } from '../core/maintenance/guards.ts';
import { choreOf, type ChorePolicy } from '../core/maintenance/maintenance.ts';
import { type MaintenanceRun, MOST_LATE_SECONDS, MOST_RUN_SECONDS, purposeOf } from '../core/maintenance/run.ts';
import type { RunEnd } from '../core/maintenance/tally.ts';
import { mayMaintain } from '../core/maintenance/windows.ts';
import type { Policy } from '../core/policy.ts';

/** Why a run does not begin, or does not go on. */
export interface Stop {
  readonly ended: Exclude<RunEnd, 'finished'>;
  readonly detail: string;
}

/** What a run is about, or why it is about nothing. */
export type Beginning = { readonly instanceIds: readonly string[]; readonly stop?: Stop };

/** Notes that a scheduled run began, and finds what it is about. */
export async function begin(run: MaintenanceRun, policy: Policy, nowMillis: number): Promise<Beginning> {
  if (run.startedBy === 'schedule') await noteBegun(run.choreId, run.runId);
  const lateSeconds = Math.round((nowMillis - Date.parse(run.askedAt)) / 1000);
  if (lateSeconds > MOST_LATE_SECONDS) {
    const detail = `asked for ${lateSeconds} s ago; dropped after ${MOST_LATE_SECONDS} s`;
    return { instanceIds: [], stop: { ended: 'came-late', detail } };
  }
  const instanceIds = run.instanceId === undefined ? await readFleetIds(policy.stack) : [run.instanceId];
  const stop = await whyStop(run, choreOf(run.choreId, policy.maintenance), policy, nowMillis);
  return { instanceIds, ...(stop === undefined ? {} : { stop }) };
}

/** Why nothing more may be done now; read again before each wave. A person's request is bound to no window. */
export async function whyStop(
  run: MaintenanceRun,
  chore: ChorePolicy | undefined,
  policy: Policy,
  nowMillis: number,
): Promise<Stop | undefined> {
  const { askedAt, choreId, startedBy } = run;
  if (chore === undefined) return { ended: 'no-such-chore', detail: `this deployment has no chore ${choreId}` };
  if (nowMillis - Date.parse(askedAt) > MOST_RUN_SECONDS * 1000) {
    return { ended: 'ran-too-long', detail: `it has gone on for ${MOST_RUN_SECONDS} s` };
  }
  const { mode, windows } = policy.maintenance;
  if (startedBy === 'schedule' && !mayMaintain(windows, nowMillis)) {
    return { ended: 'outside-window', detail: 'no window of the configuration is open now' };
  }
  // a preview changes nothing: it is made while paused, too
  if (purposeOf(run, mode) === 'preview') return undefined;
  const hold = holdOfRun(await readKillSwitch(), policy);
  return hold === undefined ? undefined : { ended: hold.reason, detail: hold.detail };
}
