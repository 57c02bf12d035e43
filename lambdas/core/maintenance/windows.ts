/** Days of the week, as `Intl` abbreviates them in English. */
export const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Day = (typeof DAYS)[number];

/** When maintenance may happen. */
export interface MaintenanceWindow {
  /** Days on which it opens. */
  readonly days: readonly Day[];
  /** Local time, `02:00`. */
  readonly from: string;
  /** Local time, up to `24:00`; not later than `from`: of the next day. */
  readonly to: string;
  /** Name of the IANA data base, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** Whether maintenance may happen by itself now: in any of the windows, or always where there is none. */
export function mayMaintain(windows: readonly MaintenanceWindow[], nowMillis: number): boolean {
  return windows.length === 0 || windows.some((window) => isOpen(window, nowMillis));
}

function isOpen({ days, from, to, timeZone }: MaintenanceWindow, nowMillis: number): boolean {
  const { day, time } = localTime(timeZone, nowMillis);
  if (from < to) return days.includes(day) && from <= time && time < to;
  return (days.includes(day) && time >= from) || (days.includes(dayBefore(day)) && time < to);
}

function dayBefore(day: Day): Day {
  return DAYS[(DAYS.indexOf(day) + DAYS.length - 1) % DAYS.length] ?? day;
}

function localTime(timeZone: string, nowMillis: number): { readonly day: Day; readonly time: string } {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const parts = format.formatToParts(nowMillis);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? '';
  const day = DAYS.find((one) => one === part('weekday'));
  if (day === undefined) throw new Error(`${timeZone}: no day of the week is called ${part('weekday')}`);
  return { day, time: `${part('hour')}:${part('minute')}` };
}
