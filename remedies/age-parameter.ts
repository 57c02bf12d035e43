import type { Parameter } from './slice.ts';

/** A setting that says how old a file must be: whole minutes. */
export const ageMinutes = (preset: string, describes: string): Parameter => ({
  source: { from: 'setting', default: preset, describes },
  pattern: '^[0-9]{1,6}$',
  accepts: ['0', '1440'],
  rejects: ['', '-1', '1h', '1; reboot'],
});
