import { Cron } from 'croner';
import { Unsupported } from '../unsupported.ts';

/** A mute rule's schedule that AWS would refuse. */
export class UnsupportedSchedule extends Unsupported {}

/** When a mute rule mutes: from each start of its expression on, for its duration. */
export interface MuteSchedule {
  readonly kind: 'ONE_TIME' | 'RECURRING';
  readonly durationMillis: number;
  /** The latest start at or before a moment, epoch milliseconds; undefined where there is none. */
  latestStart(atMillis: number): number | undefined;
  /** The first start after a moment, epoch milliseconds; undefined where there is none. */
  nextStart(afterMillis: number): number | undefined;
}

/** What each field of a cron expression may hold, after AWS's "Alarm Mute Rules". */
const FIELDS: readonly { readonly name: string; readonly allowed: RegExp }[] = [
  { name: 'minute', allowed: /^[\d*,/-]+$/ },
  { name: 'hour', allowed: /^[\d*,/-]+$/ },
  { name: 'day of the month', allowed: /^[\d*?,/L-]+$/ },
  { name: 'month', allowed: /^[\dA-Z*,/-]+$/ },
  { name: 'day of the week', allowed: /^[\dA-Z*?,L#-]+$/ },
];

/**
 * Reads `cron(minute hour day-of-month month day-of-week)` or `at(yyyy-MM-ddThh:mm)` with a duration such as `PT4H`, in a
 * time zone (default UTC); throws {@link UnsupportedSchedule}.
 */
export function readSchedule(expression: string, duration: string, timezone = 'UTC'): MuteSchedule {
  const durationMillis = readDuration(duration);
  const [, kind, inner = ''] = /^(cron|at)\((.*)\)$/.exec(expression.trim()) ?? [];
  if (kind === 'cron')
    return { kind: 'RECURRING', durationMillis, ...starts(cronPattern(expression, inner), timezone) };
  if (kind === 'at' && /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(inner)) {
    return { kind: 'ONE_TIME', durationMillis, ...starts(`${inner}:00`, timezone) };
  }
  throw new UnsupportedSchedule(
    `mute schedule "${expression}": allowed are cron(minute hour day-of-month month day-of-week) and at(yyyy-MM-ddThh:mm)`,
  );
}

function cronPattern(expression: string, inner: string): string {
  const fields = inner.trim().split(/\s+/);
  if (fields.length !== FIELDS.length) {
    throw new UnsupportedSchedule(
      `mute schedule "${expression}": ${fields.length} fields, allowed are ${FIELDS.length}`,
    );
  }
  for (const [index, { name, allowed }] of FIELDS.entries()) {
    const field = fields[index] ?? '';
    if (!allowed.test(field)) throw new UnsupportedSchedule(`mute schedule "${expression}": "${field}" is no ${name}`);
  }
  return fields.join(' ');
}

function starts(pattern: string, timezone: string): Pick<MuteSchedule, 'latestStart' | 'nextStart'> {
  let cron: Cron;
  try {
    cron = new Cron(pattern, { timezone, paused: true });
    cron.nextRun(new Date(0));
  } catch (error) {
    throw new UnsupportedSchedule(`mute schedule "${pattern}" in ${timezone}: ${String(error)}`, { cause: error });
  }
  return {
    // croner's runs lie strictly before and strictly after the moment it is given
    latestStart: (atMillis) => cron.previousRuns(1, new Date(atMillis + 1))[0]?.getTime(),
    nextStart: (afterMillis) => cron.nextRun(new Date(afterMillis))?.getTime(),
  };
}

const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 24 * 60 * MINUTE_MILLIS;

function readDuration(text: string): number {
  const match = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(text);
  const [days = 0, hours = 0, minutes = 0] = (match ?? []).slice(1).map((part) => Number(part ?? 0));
  const millis = days * DAY_MILLIS + (hours * 60 + minutes) * MINUTE_MILLIS;
  if (match === null || millis < MINUTE_MILLIS || millis > 15 * DAY_MILLIS) {
    throw new UnsupportedSchedule(
      `mute duration "${text}": allowed are ISO 8601 durations from PT1M to P15D, as P2DT12H`,
    );
  }
  return millis;
}
