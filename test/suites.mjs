/** Suites that play in sandboxes and instances take minutes, all others together seconds. */
const LONG = /\/test\/(scenarios|remedies|sandbox)\//;
/** Suites whose faults take all of the machine that they get. */
const GREEDY =
  /\/(cpu-saturated|cannot-reach|must-not-die|permissions|paused|process-flood|own-remedies|stress-ng)\.test\.ts$/;
/** Suites in which what a script measures, or finishes in its time, depends on how much of the machine it gets. */
const MEASURING = /\/test\/(remedies|sandbox\/lambda)\/|\/(memory-short|service-order)\.test\.ts$/;

export const isLong = ({ path }) => LONG.test(path);
export const isGreedy = ({ path }) => GREEDY.test(path);
/** True of suites that pass only where no more suites run than there are CPUs. */
export const needsRoom = (test) => isGreedy(test) || MEASURING.test(test.path);
