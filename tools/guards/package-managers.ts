import type { Guard } from './guard.ts';

const of = (test: string, file: string, rule: string) => (guard: string, text: string, without: string) =>
  ({ rule, guard, file: `remedies/${file}`, text, without, test: `test/remedies/${test}` }) as const;
const ofCaches = of('package-managers.test.ts', 'cleaning.sh', 'S12');
const ofKernels = of('kernels.test.ts', 'kernels.sh', 'S11');

/** Guards of what package managers keep, and of the kernels that they remove. */
export const PACKAGE_GUARDS: readonly Guard[] = [
  ofCaches('package caches stay while a package manager is at work', 'if is_packaging; then', 'if false; then'),
  ofCaches('a package manager is known by its lock', '-samefile "$lock"', '-false'),
  ofCaches('a package manager is known by its name', 'ask pgrep -x', 'false'),
  ofKernels('the kernel that runs stays', '$release == "$running" ||', ''),
  ofKernels('the newest two stay', '((newer[$flavour] <= 2))', '((newer[$flavour] <= 1))'),
  ofKernels('kernels of other flavours count for themselves', '{newer[$flavour]-0}', '{newer[any]-0}'),
  ofKernels('an update is newer than what it updates', 'gsub(/\\.[a-z]/, "~&", key); ', ''),
  ofKernels('what the boot loader is set to stays', ' || $named == *"$release"*', ''),
  ofKernels('a boot loader that counts is not guessed at', '[[ $named =~ $counted ]]', 'false'),
  ofKernels('the kernel that runs is a package', `then why='the one that runs is no package'`, 'then :'),
  ofKernels('all that stays is whole beforehand', 'elif ! kept_are_whole; then', 'elif false; then'),
  ofKernels('no package manager is at work', 'elif is_packaging; then', 'elif false; then'),
  ofKernels('the package manager has room for its database', '((room >= database_bytes)) ||', 'true ||'),
  ofKernels('dpkg is not in the middle of something', '|| [[ -n $planned ]]; then', '&& false; then'),
  ofKernels('what is on hold stays', `[[ " \${packages[*]-} " == *" \${old_package[$release]}"* ]] ||`, 'true ||'),
  ofKernels('nothing else is removed along', 'if [[ $planned != "$wanted" ]] || {', 'if {'),
  ofKernels('what flavours share stays with the last of them', `"\${kept[*]} \${old[*]}" == *"$abi-"*"$abi-"*`, '-z x'),
];
