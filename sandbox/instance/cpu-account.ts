import type { ProcessReading } from './process-table.ts';

/** Ticks a second in /proc on Linux. */
export const TICKS_PER_SECOND = 100;

/** CPU time of an instance since its start, in ticks, over all its vCPUs; none of them ever falls. */
export interface CpuTimes {
  readonly user: number;
  readonly system: number;
  readonly idle: number;
  /** Wanted by the instance's processes while the machine ran something else. */
  readonly steal: number;
}

/**
 * CPU time of one instance, from nothing but its own processes.
 * A process that ends hands its time to the parent that waits for it, so the sum over the living stays right.
 */
export class CpuAccount {
  readonly #vcpus: number;
  #lastSeconds: number;
  #last: ReadonlyMap<string, ProcessReading> = new Map();
  #lastWaits: ReadonlyMap<string, number> = new Map();
  #lastSum = { user: 0, system: 0 };
  #times = { user: 0, system: 0, idle: 0, steal: 0 };

  constructor(vcpus: number, nowSeconds: number) {
    this.#vcpus = vcpus;
    this.#lastSeconds = nowSeconds;
  }

  /**
   * Takes the process table at a moment (monotonic seconds), with the ticks that each process, by its pid, has
   * spent waiting for a CPU.
   */
  advance(nowSeconds: number, table: readonly ProcessReading[], waitTicks: ReadonlyMap<number, number>): CpuTimes {
    const capacity = Math.max(0, nowSeconds - this.#lastSeconds) * TICKS_PER_SECOND * this.#vcpus;
    const now = new Map(table.map((reading) => [identity(reading), reading]));
    const sum = { user: 0, system: 0 };
    for (const reading of now.values()) {
      sum.user += reading.userTicks;
      sum.system += reading.systemTicks;
    }

    // A command's first process has its parent outside: nobody inside inherits its time.
    const departed = { user: 0, system: 0 };
    for (const [key, reading] of this.#last) {
      if (reading.parentPid !== 0 || now.has(key)) continue;
      departed.user += reading.userTicks;
      departed.system += reading.systemTicks;
    }

    const user = Math.max(0, sum.user + departed.user - this.#lastSum.user);
    const system = Math.max(0, sum.system + departed.system - this.#lastSum.system);
    const scale = user + system > capacity ? capacity / (user + system) : 1;
    const used = (user + system) * scale;
    const waits = new Map(table.map((reading) => [identity(reading), waitTicks.get(reading.pid) ?? 0]));
    const steal = Math.min(capacity - used, growth(this.#lastWaits, waits));

    this.#times = {
      user: this.#times.user + user * scale,
      system: this.#times.system + system * scale,
      idle: this.#times.idle + Math.max(0, capacity - used - steal),
      steal: this.#times.steal + steal,
    };
    this.#last = now;
    this.#lastWaits = waits;
    this.#lastSum = sum;
    this.#lastSeconds = Math.max(nowSeconds, this.#lastSeconds);
    return this.#times;
  }
}

/** A pid alone may have been taken by another process since. */
function identity(reading: ProcessReading): string {
  return `${reading.pid} ${reading.startTicks}`;
}

function growth(before: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let sum = 0;
  for (const [key, value] of now) sum += Math.max(0, value - (before.get(key) ?? 0));
  return sum;
}
