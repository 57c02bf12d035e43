import type { Parameter } from './slice.ts';

const list: Pick<Parameter, 'pattern' | 'accepts' | 'rejects'> = {
  pattern:
    '^((user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100}(;(user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100})*)?$',
  accepts: ['', 'command=batch-*', 'user=nightly;unit=report@*.service'],
  rejects: ['batch-*', 'command=', 'command=a b', 'command=$(id)', 'command=a;'],
};

/** The longest that it takes to stop a process: a unit's restart is waited for longer than a signal's effect, with what is asked before it. */
export const longestStopSeconds = (termWaitSeconds: number): number => Math.max(72, termWaitSeconds + 15);

/** Parameters of every slice whose scripts stop processes; `remedies/processes.sh` reads them. */
export const stoppingParameters: Readonly<
  Record<'MaximumKills' | 'TermWaitSeconds' | 'Expendable' | 'Protected', Parameter>
> = {
  MaximumKills: {
    source: { from: 'setting', default: '3', describes: 'processes stopped in one remediation, at most' },
    pattern: '^[0-9]$',
    accepts: ['0', '3'],
    rejects: ['', '10', 'all'],
  },
  TermWaitSeconds: {
    source: { from: 'setting', default: '10', describes: 'time between TERM and KILL' },
    pattern: '^[1-9][0-9]?$',
    accepts: ['1', '30'],
    rejects: ['0', '100', '10s'],
  },
  Expendable: { source: { from: 'expendable' }, ...list },
  Protected: { source: { from: 'protected' }, ...list },
};
