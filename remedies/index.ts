import cpuSaturated from './cpu-saturated/remedy.ts';
import diskFull from './disk-full/remedy.ts';
import inodesExhausted from './inodes-exhausted/remedy.ts';
import instanceImpaired from './instance-impaired/remedy.ts';
import instanceImpairedReplace from './instance-impaired-replace/remedy.ts';
import instanceImpairedStopStart from './instance-impaired-stop-start/remedy.ts';
import serviceDown from './service-down/remedy.ts';
import memoryPressure from './memory-pressure/remedy.ts';
import processFlood from './process-flood/remedy.ts';
import type { ActSlice, Slice } from './slice.ts';
import zombies from './zombies/remedy.ts';

/** Every remedy of scripts: one folder, one line. */
export const slices: readonly Slice[] = [
  diskFull, //
  inodesExhausted,
  cpuSaturated,
  memoryPressure,
  zombies,
  serviceDown,
  processFlood,
];

/** Every remedy that is a call of AWS's API; of one disruption, the one that comes first here is tried first. */
export const actSlices: readonly ActSlice[] = [
  instanceImpaired, //
  instanceImpairedStopStart,
  instanceImpairedReplace,
];
