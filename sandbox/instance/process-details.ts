import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TICKS_PER_SECOND } from './cpu-account.ts';
import type { ProcessReading } from './process-table.ts';
import { readIfThere } from './process-table.ts';

/** Threads of one process whose waiting is counted: bounds a reading's cost. */
const MAXIMUM_THREADS = 64;

/** Anonymous memory of a process in KiB; 0 where it is gone. */
export function anonymousKibibytes(procFolder: string, pid: number): number {
  const status = readIfThere(join(procFolder, String(pid), 'status'));
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(status ?? '')?.[1] ?? 0);
}

/** Ticks that a process, all threads together, was runnable but waiting for a CPU; 0 where the kernel does not tell. */
export function waitTicks(procFolder: string, reading: ProcessReading): number {
  const folder = join(procFolder, String(reading.pid));
  if (reading.threads <= 1) return waitTicksIn(join(folder, 'schedstat'));
  let sum = 0;
  for (const thread of foldersIn(join(folder, 'task')).slice(0, MAXIMUM_THREADS)) {
    sum += waitTicksIn(join(folder, 'task', thread, 'schedstat'));
  }
  return sum;
}

/** The file's second number is the nanoseconds that the thread waited. */
function waitTicksIn(path: string): number {
  const nanoseconds = Number(readIfThere(path)?.split(' ')[1] ?? 0);
  return (nanoseconds / 1e9) * TICKS_PER_SECOND;
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
