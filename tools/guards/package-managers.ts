import type { Guard } from './guard.ts';

const of = (file: string, rule: string, guard: string, text: string, without: string): Guard => ({
  rule,
  guard,
  file: `remedies/${file}`,
  text,
  without,
  test: 'test/remedies/package-managers.test.ts',
});

/** Guards of what package managers keep. */
export const PACKAGE_GUARDS: readonly Guard[] = [
  of('cleaning.sh', 'S12', 'package caches stay while one is at work', 'if is_packaging; then', 'if false; then'),
  of('cleaning.sh', 'S12', 'a package manager is known by its lock', '-samefile "$lock"', '-false'),
  of('cleaning.sh', 'S12', 'a package manager is known by its name', 'ask pgrep -x', 'false'),
];
