import type { Parameter } from './slice.ts';

const list: Pick<Parameter, 'pattern' | 'accepts' | 'rejects'> = {
  pattern:
    '^((user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100}(;(user|command|unit|slice)=[A-Za-z0-9@._*?:+-]{1,100})*)?$',
  accepts: ['', 'command=batch-*', 'user=nightly;unit=report@*.service'],
  rejects: ['batch-*', 'command=', 'command=a b', 'command=$(id)', 'command=a;'],
};

/** The two parameters of every slice whose scripts signal processes; `remedies/processes.sh` reads them. */
export const processLists: Readonly<Record<'Expendable' | 'Protected', Parameter>> = {
  Expendable: { source: { from: 'expendable' }, ...list },
  Protected: { source: { from: 'protected' }, ...list },
};
