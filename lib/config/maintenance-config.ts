import type { Mode } from '../../lambdas/core/policy.ts';
import type { Day } from '../../lambdas/core/maintenance/windows.ts';

/** What is done on a schedule to opted-in instances that are well. */
export interface MaintenanceConfig {
  /** `observe` says what would be cleaned, `act` cleans. @default the overall mode */
  readonly mode?: Mode;
  /** How often package caches, old rotated logs and the folders called cleanable are cleaned. @default 86400 */
  readonly cacheCleanUpSeconds?: number | 'off';
  /** How often /tmp and /var/tmp are cleaned. @default 43200 */
  readonly temporaryFilesSeconds?: number | 'off';
  /** When it may begin by itself; at most 10. @default at any time */
  readonly windows?: readonly WindowConfig[];
  /** Most instances at once, in number or percent. @default 10% */
  readonly maxConcurrency?: string;
  /** Failures, in number or percent, beyond which a run ends. @default 1 */
  readonly maxErrors?: string;
  /** How old files must be, by setting. @default each chore's own */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A time of the week. */
export interface WindowConfig {
  /** @default every day */
  readonly days?: readonly Day[];
  /** Local time, such as `02:00`. */
  readonly from: string;
  /** Local time, up to `24:00`; not later than `from`: of the next day. */
  readonly to: string;
  /** @default UTC */
  readonly timeZone?: string;
}
