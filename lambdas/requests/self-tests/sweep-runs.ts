import { readLastSweep } from '../../aws/state/last-sweep.ts';
import { failed, passed, type SelfTest, unknown } from './self-test.ts';

/** Three sweeps that did not come. */
const MOST_SECONDS = 900;

/** The schedule starts the sweep, and it comes to its end. */
export const sweepRuns: SelfTest = {
  id: 'sweep-runs',
  run: async (_, nowMillis) => {
    const at = await readLastSweep();
    if (at === undefined) return unknown('no sweep has ended yet', 'look again in 5 minutes');
    const seconds = Math.round((nowMillis - Date.parse(at)) / 1000);
    const says = `the last one ended ${seconds} s ago`;
    return seconds <= MOST_SECONDS ? passed(says) : failed(says, 'look into the log of sweep-incidents');
  },
};
