import type { CpuTimes } from './cpu-account.ts';
import type { MemoryReading } from './memory-account.ts';

// Every text has one length for the life of an instance, each number its place: written over in place, a
// reader never meets the rest of a longer one.

const NUMBER_WIDTH = 12;
const LOADAVG_LENGTH = 64;

/** The text of /proc/stat: the sum, a line per vCPU with an equal share, and what else tools expect there. */
export function statText(options: {
  readonly times: CpuTimes;
  readonly vcpus: number;
  readonly bootedAtEpochSeconds: number;
  readonly running: number;
  readonly blocked: number;
}): string {
  const { times, vcpus } = options;
  const share = (ticks: number) => Math.floor(ticks / vcpus);
  const each = [share(times.user), 0, share(times.system), share(times.idle), 0, 0, 0, share(times.steal), 0, 0];
  const all = each.map((ticks) => ticks * vcpus);
  const lines = [`cpu  ${columns(all)}`];
  for (let vcpu = 0; vcpu < vcpus; vcpu++) lines.push(`cpu${vcpu} ${columns(each)}`);
  lines.push(
    'intr 0',
    'ctxt 0',
    `btime ${options.bootedAtEpochSeconds}`,
    'processes 0',
    `procs_running ${columns([options.running])}`,
    `procs_blocked ${columns([options.blocked])}`,
    'softirq 0 0 0 0 0 0 0 0 0 0 0',
  );
  return `${lines.join('\n')}\n`;
}

/** The text of /proc/meminfo. */
export function meminfoText(memory: MemoryReading): string {
  const free = memory.totalKibibytes - memory.usedKibibytes - memory.buffersKibibytes - memory.cachedKibibytes;
  const anonymous = memory.usedKibibytes - memory.sharedKibibytes;
  // Linux counts shared memory as cached.
  const cached = memory.cachedKibibytes + memory.sharedKibibytes;
  const values: readonly [string, number][] = [
    ['MemTotal', memory.totalKibibytes],
    ['MemFree', free],
    ['MemAvailable', memory.totalKibibytes - memory.usedKibibytes],
    ['Buffers', memory.buffersKibibytes],
    ['Cached', cached],
    ['SwapCached', 0],
    ['Active', anonymous],
    ['Inactive', cached],
    ['SwapTotal', 0],
    ['SwapFree', 0],
    ['Dirty', 0],
    ['Writeback', 0],
    ['AnonPages', anonymous],
    ['Mapped', 0],
    ['Shmem', memory.sharedKibibytes],
    ['Slab', 0],
    ['SReclaimable', 0],
    ['SUnreclaim', 0],
    ['CommitLimit', memory.totalKibibytes],
    ['Committed_AS', memory.usedKibibytes],
  ];
  return values.map(([name, kibibytes]) => `${`${name}:`.padEnd(15)} ${String(kibibytes).padStart(9)} kB\n`).join('');
}

/** The text of /proc/loadavg; blanks fill the line's end, so that its first field starts at its first character. */
export function loadavgText(options: {
  readonly averages: readonly [number, number, number];
  readonly running: number;
  readonly total: number;
  readonly lastPid: number;
}): string {
  const averages = options.averages.map((average) => average.toFixed(2)).join(' ');
  return `${`${averages} ${options.running}/${options.total} ${options.lastPid}`.padEnd(LOADAVG_LENGTH - 1)}\n`;
}

function columns(numbers: readonly number[]): string {
  return numbers.map((number) => String(number).padStart(NUMBER_WIDTH)).join(' ');
}
