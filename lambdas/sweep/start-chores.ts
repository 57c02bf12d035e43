import { askForRun, type ChoreState, planChore, readChore } from '../aws/state/chores.ts';
import { iso } from '../aws/state/table.ts';
import type { ChorePolicy } from '../core/maintenance/maintenance.ts';
import { MOST_RUN_SECONDS, nextDueMillis, scheduledRunId } from '../core/maintenance/run.ts';
import { mayMaintain } from '../core/maintenance/windows.ts';
import type { Policy } from '../core/policy.ts';
import { startRun } from '../maintenance/start-run.ts';
import type { Tried } from './sweep.ts';

/**
 * Starts what is due and may be done now, one chore at a time: two would be in each other's way on every instance. Answers with
 * the runs that it started; what has to wait is still due in the next pass.
 */
export async function startChores(policy: Policy, nowMillis: number, tried: Tried): Promise<string[]> {
  const chores: (() => Promise<Due | undefined>)[] = [];
  let busy = false;
  for (const chore of policy.maintenance.chores) {
    const state = await tried(chore.id, () => readChore(chore.id));
    if (state === undefined) {
      // not knowing whether it runs, nothing else is begun
      busy = true;
      continue;
    }
    await tried(chore.id, () => startAgain(chore.id, state));
    busy ||= isRunning(state, nowMillis);
    chores.push(async () => tried(chore.id, () => startWhereDue(chore, state, policy, nowMillis)));
  }
  if (busy) return [];
  for (const startOne of chores) {
    const due = await startOne();
    // one that another pass started at the same moment is as good as ours: nothing else is begun beside it
    if (due?.isDue === true) return due.runId === undefined ? [] : [due.runId];
  }
  return [];
}

interface Due {
  readonly isDue: boolean;
  /** The run that was started. */
  readonly runId?: string;
}

/** A run that was asked for and never began is started again, as the same run. */
async function startAgain(choreId: string, { asked, begunRunId }: ChoreState): Promise<void> {
  if (asked !== undefined && asked.runId !== begunRunId) await start(choreId, asked);
}

function isRunning({ asked, endedRunId }: ChoreState, nowMillis: number): boolean {
  if (asked === undefined || asked.runId === endedRunId) return false;
  // one whose execution died never ends
  return Date.parse(asked.askedAt) > nowMillis - MOST_RUN_SECONDS * 1000;
}

/** A chore is due one period after a sweep first saw it, or saw it with another period: a deployment cleans nothing by itself. */
async function startWhereDue(
  { id, everySeconds }: ChorePolicy,
  { plan }: ChoreState,
  { stack, maintenance }: Policy,
  nowMillis: number,
): Promise<Due> {
  if (everySeconds === undefined) return { isDue: false };
  if (plan === undefined || plan.everySeconds !== everySeconds) {
    await planChore(id, plan, { everySeconds, dueAt: iso(nowMillis + everySeconds * 1000) });
    return { isDue: false };
  }
  if (plan.dueAt > iso(nowMillis) || !mayMaintain(maintenance.windows, nowMillis)) return { isDue: false };
  const run = { runId: scheduledRunId(stack, id, plan.dueAt), askedAt: iso(nowMillis) };
  const dueAt = iso(nextDueMillis(Date.parse(plan.dueAt), everySeconds, nowMillis));
  if (!(await askForRun(id, plan, run, dueAt))) return { isDue: true };
  await start(id, run);
  return { isDue: true, runId: run.runId };
}

function start(choreId: string, { runId, askedAt }: NonNullable<ChoreState['asked']>): Promise<void> {
  return startRun({ choreId, runId, startedBy: 'schedule', askedAt });
}
