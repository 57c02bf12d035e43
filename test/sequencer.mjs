import Sequencer from '@jest/test-sequencer';

/** Suites that play in sandboxes and instances take minutes, all others together seconds. */
const LONG = /\/test\/(scenarios|remedies|sandbox)\//;
/** Suites whose faults take all of the machine that they get. */
const GREEDY = /\/(cpu-saturated|cannot-reach|must-not-die|permissions|paused|process-flood|own-remedies)\.test\.ts$/;

/**
 * Starts the long suites first, so that none of them is left for the end, when it would run alone; among them the greedy ones apart from
 * each other, so that they take turns.
 */
export default class LongestFirst extends Sequencer {
  sort(tests) {
    // what failed last time first, then by the time it took, or by size where that is not known yet
    const sorted = super.sort(tests);
    const long = sorted.filter(({ path }) => LONG.test(path));
    const greedy = long.filter(({ path }) => GREEDY.test(path));
    const modest = long.filter(({ path }) => !GREEDY.test(path));
    const taken = greedy.flatMap((one) => [one, ...modest.splice(0, 3)]);
    return [...taken, ...modest, ...sorted.filter(({ path }) => !LONG.test(path))];
  }
}
