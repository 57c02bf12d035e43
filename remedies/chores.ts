import type { Chore } from './chore.ts';
import cleanCaches from './clean-caches/chore.ts';
import cleanTemporaryFiles from './clean-temporary-files/chore.ts';

/** Every chore of the system: one folder, one line. */
export const chores: readonly Chore[] = [
  cleanCaches, //
  cleanTemporaryFiles,
];
