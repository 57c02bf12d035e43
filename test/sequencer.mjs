import Sequencer from '@jest/test-sequencer';

/** Suites that play in sandboxes and instances take minutes, all others together seconds. */
const LONG = /\/test\/(scenarios|remedies|sandbox)\//;

/** Starts the long suites first, so that none of them is left for the end, when it would run alone. */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // what failed last time first, then by the time it took, or by size where that is not known yet
    const sorted = super.sort(tests);
    return sorted.toSorted((one, other) => Number(LONG.test(other.path)) - Number(LONG.test(one.path)));
  }
}
