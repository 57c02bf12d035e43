import cpuSaturated from './cpu-saturated/remedy.ts';
import diskFull from './disk-full/remedy.ts';
import inodesExhausted from './inodes-exhausted/remedy.ts';
import serviceDown from './service-down/remedy.ts';
import memoryPressure from './memory-pressure/remedy.ts';
import processFlood from './process-flood/remedy.ts';
import type { Slice } from './slice.ts';
import zombies from './zombies/remedy.ts';

/** Every remedy of the system: one folder, one line. */
export const slices: readonly Slice[] = [
  diskFull, //
  inodesExhausted,
  cpuSaturated,
  memoryPressure,
  zombies,
  serviceDown,
  processFlood,
];
