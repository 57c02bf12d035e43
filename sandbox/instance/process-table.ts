import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** One process of a /proc folder at one moment; times in clock ticks (100 a second). */
export interface ProcessReading {
  readonly pid: number;
  /** 0 where the parent is outside the pid namespace. */
  readonly parentPid: number;
  readonly session: number;
  /** `R`, `S`, `D`, `Z` and so on. */
  readonly state: string;
  readonly threads: number;
  readonly startTicks: number;
  /** Its own, and that of the children it has waited for. */
  readonly userTicks: number;
  readonly systemTicks: number;
}

/** The processes in a /proc folder; those that end while it reads are left out. */
export function readProcessTable(procFolder: string): ProcessReading[] {
  const table: ProcessReading[] = [];
  for (const name of readdirSync(procFolder)) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readIfThere(join(procFolder, name, 'stat'));
    if (stat === undefined) continue;
    const reading = parseStat(pid, stat);
    if (reading !== undefined) table.push(reading);
  }
  return table;
}

/** Reads one `/proc/<pid>/stat`; `undefined` where it is not one. */
export function parseStat(pid: number, stat: string): ProcessReading | undefined {
  // The name, in parentheses, may hold anything, also spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  if (state === undefined || fields.length < 20) return undefined;
  const field = (index: number) => Number(fields[index]);
  return {
    pid,
    parentPid: field(1),
    session: field(3),
    state,
    threads: field(17),
    startTicks: field(19),
    userTicks: field(11) + field(13),
    systemTicks: field(12) + field(14),
  };
}

/** The file's text; `undefined` where it cannot be read (any more). */
export function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
