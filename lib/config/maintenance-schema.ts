import { z } from 'zod';
import { DAYS } from '../../lambdas/core/maintenance/windows.ts';
import { MODES } from '../../lambdas/core/policy.ts';
import { chores } from '../../remedies/chores.ts';
import { ERRORS, INSTANCES } from './roll-out-schema.ts';
import type { MaintenanceConfig } from './maintenance-config.ts';

/** The sweep, which starts what is due, comes every 5 minutes; more often than hourly is not what this is for. */
const INTERVAL = "allowed are 3600 to 2592000, or 'off'";
const interval = z
  .union([z.int(), z.literal('off')], INTERVAL)
  .refine((every) => every === 'off' || (every >= 3600 && every <= 2_592_000), INTERVAL);

const window = z.strictObject({
  days: z.array(z.enum(DAYS)).min(1).max(7).optional(),
  from: z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, 'allowed are 00:00 to 23:59'),
  to: z.string().regex(/^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$/, 'allowed are 00:00 to 24:00'),
  timeZone: z.string().refine(isTimeZone, 'allowed is a time zone such as Europe/Berlin').optional(),
});

/** The configuration's `maintenance`; its settings are checked by `maintenanceProblems`. */
export const maintenanceSchema = z.strictObject({
  mode: z.enum(MODES).optional(),
  cacheCleanUpSeconds: interval.optional(),
  temporaryFilesSeconds: interval.optional(),
  windows: z.array(window).min(1).max(10).optional(),
  maxConcurrency: z.string().regex(INSTANCES, 'allowed are 1 to 9999999, or 1% to 100%').optional(),
  maxErrors: z.string().regex(ERRORS, 'allowed are 0 to 9999999, or 0% to 100%').optional(),
  settings: z.record(z.string(), z.string()).optional(),
});

export const MAINTENANCE_KEYS = Object.keys(maintenanceSchema.shape);

/** What is wrong with the settings and windows, one sentence each; empty: nothing. */
export function maintenanceProblems({ settings = {}, windows = [] }: MaintenanceConfig = {}): string[] {
  const known = new Map(chores.flatMap(({ parameters }) => Object.entries(parameters)));
  const wrong = Object.entries(settings).flatMap(([name, value]) => {
    const parameter = known.get(name);
    const place = `maintenance.settings.${name}`;
    if (parameter === undefined) return [`${place} does not exist; allowed are ${[...known.keys()].join(', ')}`];
    if (new RegExp(parameter.pattern).test(value)) return [];
    return [`${place} is ${JSON.stringify(value)}; allowed is ${parameter.pattern}, for example "1440"`];
  });
  const empty = windows.flatMap(({ from, to }, place) =>
    from === to ? [`maintenance.windows.${place} is from ${from} to ${to}: it is never open, or always`] : [],
  );
  return [...wrong, ...empty];
}

function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }) instanceof Intl.DateTimeFormat;
  } catch {
    return false;
  }
}
