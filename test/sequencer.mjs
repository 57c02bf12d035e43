import Sequencer from '@jest/test-sequencer';
import { isGreedy, isLong, needsRoom } from './suites.mjs';

/**
 * Starts the suites that need room first, the greedy among them apart from each other, so that they take turns; then the other long ones,
 * so that none of them is left for the end, when it would run alone.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // what failed last time first, then by the time it took, or by size where that is not known yet
    const sorted = super.sort(tests);
    const greedy = sorted.filter(isGreedy);
    const modest = sorted.filter((test) => needsRoom(test) && !isGreedy(test));
    const taken = greedy.flatMap((one) => [one, ...modest.splice(0, 2)]);
    const others = sorted.filter((test) => !needsRoom(test));
    return [...taken, ...modest, ...others.filter(isLong), ...others.filter((test) => !isLong(test))];
  }
}
