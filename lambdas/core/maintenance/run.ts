import { createHash } from 'node:crypto';
import type { ChorePurpose } from '../purpose.ts';
import type { Mode } from '../policy.ts';

/** What `maintain-fleet` is started with: exactly this, so that a repeated start is the same start. */
export interface MaintenanceRun {
  readonly choreId: string;
  /** Names the run for ever: it starts once (S21), and its records stand under it. */
  readonly runId: string;
  readonly startedBy: 'schedule' | 'person';
  /** ISO 8601. */
  readonly askedAt: string;
  /** The one instance that a person named; absent: the opted-in fleet. */
  readonly instanceId?: string;
  /** A person asked what would be cleaned, whatever the mode. */
  readonly preview?: true;
}

/** What the run has done on instances. */
export function purposeOf({ preview }: MaintenanceRun, mode: Mode): ChorePurpose {
  return preview === true || mode === 'observe' ? 'preview' : 'clean';
}

/** How late a scheduled run may begin (S20); one that comes later is dropped, with a record. */
export const MOST_LATE_SECONDS = 600;

/** How long a run goes on to new instances; an execution of it lasts little longer. */
export const MOST_RUN_SECONDS = 6 * 3600;

/** Id of the scheduled run that was due at a time: the same for whoever starts it. At most 42 characters. */
export function scheduledRunId(stack: string, choreId: string, dueAt: string): string {
  const minute = dueAt.slice(0, 16).replaceAll(/[-:]/g, '');
  return `${choreId}-${minute}-${createHash('sha256').update(stack).digest('hex').slice(0, 6)}`;
}

/** Id of a run that a person asked for. */
export function askedRunId(choreId: string, mint: string): string {
  return `${choreId}-by-hand-${mint}`;
}

/** Id of the one command of a run on an instance: at most 64 characters. */
export function visitId(runId: string, instanceId: string): string {
  return `${runId}-${instanceId.replace(/^i-/, '')}`;
}

/** The first time after now of those at which a chore is due, counted from one of them: a run that began late shifts none. */
export function nextDueMillis(dueMillis: number, everySeconds: number, nowMillis: number): number {
  const everyMillis = everySeconds * 1000;
  const passed = Math.max(0, Math.floor((nowMillis - dueMillis) / everyMillis));
  return dueMillis + (passed + 1) * everyMillis;
}
