import { basename } from 'node:path';
import type { Holder } from './scenarios.ts';

/** Whether the right one was chosen first, and how many were stopped that should not be; `line` tells it. */
export interface Verdict {
  readonly isRight: boolean;
  readonly collateral: number;
  readonly line: string;
}

/** From here on memory is short, as the slice has it by default. */
const SHORT_PERCENT = 95;

interface Stopped {
  /** Places of the holders whose processes were stopped, in their order. */
  readonly stopped: readonly number[];
  /** Places of the holders whose processes ended, one for each. */
  readonly gone: readonly number[];
  readonly usedPercent: number;
}

const isHog = (holders: readonly Holder[], place: number): boolean => holders[place]?.isHog === true;

/** Its name, and what tells it from others of that name. */
function nameOf(holders: readonly Holder[], place: number): string {
  const holder = holders[place];
  if (holder === undefined) return 'a stranger';
  const { name, user, group } = holder;
  return [
    name,
    ...(user === undefined ? [] : [`of ${user}`]),
    ...(group === undefined ? [] : [`in ${basename(group)}`]),
  ].join(' ');
}

/** What our repair did: where somebody should be stopped, it must be the right one first, and memory no longer short. */
export function judge(holders: readonly Holder[], { stopped, gone, usedPercent }: Stopped): Verdict {
  const [first] = stopped;
  const isWanted = holders.some((holder) => holder.isHog);
  const isRight = first === undefined ? !isWanted : isHog(holders, first) && usedPercent < SHORT_PERCENT;
  const collateral = gone.filter((place) => !isHog(holders, place)).length;
  const names = stopped.length === 0 ? 'nobody' : stopped.map((place) => nameOf(holders, place)).join(', ');
  return {
    isRight,
    collateral,
    line: `${isRight ? 'right' : 'WRONG'}: ${names}; then ${usedPercent.toFixed(0)} % used`,
  };
}

/** Whom earlyoom named first. */
export function judgeFirst(holders: readonly Holder[], place: number): Verdict {
  const isRight = isHog(holders, place);
  return { isRight, collateral: isRight ? 0 : 1, line: `${isRight ? 'right' : 'WRONG'}: ${nameOf(holders, place)}` };
}
