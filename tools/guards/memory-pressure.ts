import type { Guard } from './guard.ts';

const of = (rule: string, file: string, guard: string, text: string, without: string): Guard => ({
  rule,
  guard,
  file: `remedies/memory-pressure/${file}`,
  text,
  without,
  test: 'test/remedies/memory-pressure-stopping.test.ts',
});
/** Of those that nothing needs to be stopped for. */
const reading = (...args: Parameters<typeof of>): Guard => ({
  ...of(...args),
  test: 'test/remedies/memory-pressure.test.ts',
});

/** Guards of memory that runs short. */
export const MEMORY_GUARDS: readonly Guard[] = [
  of(
    'S15',
    'library.sh',
    'a stop is expected to give back its share',
    `((held_kib[pid] * 100 >= missing * minimum && held_kib[pid] > 0)) || worth_it=''`,
    '',
  ),
  of('S15', 'library.sh', 'what forks share is not counted for each', '((part < anonymous_of[pid]))', 'false'),
  of('S15', 'library.sh', 'what its owner exempted is not stopped', 'elif is_exempt "$pid"; then', 'elif false; then'),
  {
    ...of(
      'S15',
      '',
      'pid 1 of a container is not stopped',
      'if [[ -z $refusal ]] && is_container_init; then',
      'if false; then',
    ),
    file: 'remedies/processes.sh',
  },
  of(
    'S15',
    'library.sh',
    'no more are stopped than allowed',
    'elif ((stopped >= maximum_kills)); then',
    'elif false; then',
  ),
  of('S15', 'repair.sh', 'memory is read again after each stop', 'settle "$hog_kib"', ':'),
  of(
    'S15',
    'library.sh',
    'a restart is expected to give back its share',
    'elif ((beyond * 100 < missing * minimum)); then',
    'elif false; then',
  ),
  of('S15', 'library.sh', 'a service within its limit is not restarted', '((beyond > 0)) || continue', ''),
  of(
    'S15',
    'library.sh',
    'no more restarts than allowed',
    'elif ((restarted >= maximum_restarts)); then',
    'elif false; then',
  ),
  of(
    'S15',
    'library.sh',
    'no service is restarted more often than allowed',
    'elif (($(restarts_within "$service" 60) >= maximum_restarts)); then',
    'elif false; then',
  ),
  of(
    'S15',
    'library.sh',
    'files in memory are no growth of a service',
    '[[ $key != file && $key != slab_reclaimable ]] ||',
    'true ||',
  ),
  reading(
    'S19',
    'repair.sh',
    'the memory is read again before anything is done',
    'is_short || finish already-healthy',
    'true ||',
  ),
  reading(
    'S31',
    'check.sh',
    'a name is shown as it may be',
    '$(printable_name "${name_of[$pid]}")',
    '${name_of[$pid]}',
  ),
];
