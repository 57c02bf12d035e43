import { readChore } from '../aws/state/chores.ts';
import type { LastRun } from '../core/maintenance/last-run.ts';
import type { ChorePolicy } from '../core/maintenance/maintenance.ts';
import type { Policy } from '../core/policy.ts';

/** When a chore was done last, and when it is due. */
export interface ChoreHealth {
  readonly chore: string;
  readonly mode: string;
  /** ISO 8601; in words where it is due at no time. */
  readonly nextDueAt: string;
  readonly lastRun: LastRun | 'none yet';
}

/** How each chore stands. */
export function maintenanceHealth({ maintenance }: Policy): Promise<ChoreHealth[]> {
  return Promise.all(
    maintenance.chores.map(async (chore) => {
      const { plan, lastRun } = await readChore(chore.id);
      return {
        chore: chore.id,
        mode: maintenance.mode,
        nextDueAt: nextDueAt(chore, plan?.dueAt),
        lastRun: lastRun ?? 'none yet',
      };
    }),
  );
}

function nextDueAt({ everySeconds }: ChorePolicy, dueAt: string | undefined): string {
  if (everySeconds === undefined) return 'off: only when asked for';
  return dueAt ?? 'the next sweep plans it';
}
