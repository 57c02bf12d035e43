import type { Guard } from './guard.ts';

/** Guards of what State Manager keeps on instances. */
export const KEPT_GUARDS: readonly Guard[] = [
  {
    rule: 'S11',
    guard: 'the ballast is this path and no link to another',
    file: 'remedies/ballast.sh',
    text: `[[ -f $ballast && ! -L $ballast && $(readlink -e -- "$ballast") == "$ballast" ]]`,
    without: '[[ -e $ballast ]]',
    test: 'test/remedies/ballast.test.ts',
  },
  {
    rule: 'S11',
    guard: "the ballast is root's, of one name, in a folder of root's alone",
    file: 'remedies/ballast.sh',
    text: `[[ $(stat -c '%u %h' -- "$ballast") == '0 1' && $(stat -c '%u %a' -- "\${ballast%/*}") == '0 700' ]]`,
    without: 'true',
    test: 'test/remedies/ballast.test.ts',
  },
  {
    rule: 'S10',
    guard: 'the fleet waits for the first instance',
    file: 'lib/state-manager/roll-out.ts',
    text: '  fleet.addResourceDependency(first);\n',
    without: '',
    test: 'test/lib/kept/kept-roll-out.test.ts',
  },
  {
    rule: 'S23',
    guard: 'a file that is not ours is never replaced',
    file: 'lib/kept/files.sh',
    text: '    is_ours "$1" || fail "$1 is there, and is not ours"\n',
    without: '',
    test: 'test/lib/kept/measurements.test.ts',
  },
  {
    rule: 'S24',
    guard: 'systemd gives a crash loop up',
    file: 'lib/kept/keep-restarts.sh',
    text: 'StartLimitBurst=5',
    without: 'StartLimitBurst=0',
    test: 'test/lib/kept/restarts.test.ts',
  },
  {
    rule: 'S26',
    guard: "the instance's own tags are read before anything is kept there",
    file: 'lib/kept/keep.sh',
    text: 'why=\nfind_protection\n',
    without: 'why=\n',
    test: 'test/lib/kept/restarts.test.ts',
  },
  {
    rule: 'S29',
    guard: 'a measurement that fails gives no value',
    file: 'lib/kept/on-instance/run-measurements.sh',
    text: '  if ((code != 0)); then',
    without: '  if false; then',
    test: 'test/lib/kept/measurements.test.ts',
  },
];
