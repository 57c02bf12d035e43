import { closeSync, openSync, readFileSync, statfsSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CpuAccount } from './cpu-account.ts';
import { LoadAccount } from './load-account.ts';
import { memoryReading } from './memory-account.ts';
import { loadavgText, meminfoText, statText } from './proc-views.ts';
import { anonymousKibibytes, waitTicks } from './process-details.ts';
import type { ProcessReading } from './process-table.ts';
import { readProcessTable } from './process-table.ts';

/** Short against the second over which scripts measure; longer where there is much to read. */
const SAMPLE_EVERY_MILLIS = 250;
/** Most of this process's time that sampling one instance may take. */
const SHARE_OF_TIME = 0.05;
const VIEWS = ['stat', 'meminfo', 'loadavg'] as const;

/** Writes an instance's /proc/stat, meminfo and loadavg from its own processes, several times a second, from outside. */
export class Sampler {
  readonly #machineRoot: string;
  readonly #procFolder: string;
  readonly #vcpus: number;
  readonly #memoryMebibytes: number;
  readonly #files: ReadonlyMap<string, number>;
  readonly #cpu: CpuAccount;
  readonly #load = new LoadAccount();
  readonly #bootedAtEpochSeconds: number;
  #timer: NodeJS.Timeout;
  #sampledAtSeconds = monotonicSeconds();
  #table: readonly ProcessReading[] = [];

  /** `machineRoot` is the instance's root as the machine sees it; writes the first sample before it returns. */
  constructor(machineRoot: string, options: { readonly vcpus: number; readonly memoryMebibytes: number }) {
    this.#machineRoot = machineRoot;
    this.#procFolder = join(machineRoot, 'proc');
    this.#vcpus = options.vcpus;
    this.#memoryMebibytes = options.memoryMebibytes;
    this.#bootedAtEpochSeconds = bootTime();
    this.#cpu = new CpuAccount(options.vcpus, this.#sampledAtSeconds);
    this.#files = new Map(
      VIEWS.map((name) => [name, openSync(join(machineRoot, 'run/sandbox-views', name), 'r+')] as const),
    );
    this.sample();
    this.#timer = this.#schedule(SAMPLE_EVERY_MILLIS);
  }

  /** Processes of the last sample. */
  get table(): readonly ProcessReading[] {
    return this.#table;
  }

  /** Takes a sample now and writes the views; fails where the instance is gone. */
  sample(): void {
    const nowSeconds = monotonicSeconds();
    const table = readProcessTable(this.#procFolder);
    const waits = new Map(table.map((reading) => [reading.pid, waitTicks(this.#procFolder, reading)]));
    const times = this.#cpu.advance(nowSeconds, table, waits);

    const running = table.filter(({ state }) => state === 'R').length;
    const blocked = table.filter(({ state }) => state === 'D').length;
    const averages = this.#load.advance(nowSeconds - this.#sampledAtSeconds, running + blocked);
    const lastPid = Math.max(...table.map(({ pid }) => pid));
    const bootedAtEpochSeconds = this.#bootedAtEpochSeconds;

    this.#write('stat', statText({ times, vcpus: this.#vcpus, bootedAtEpochSeconds, running, blocked }));
    this.#write('loadavg', loadavgText({ averages, running, total: table.length, lastPid }));
    const anonymous = table.reduce((sum, { pid }) => sum + anonymousKibibytes(this.#procFolder, pid), 0);
    this.#write('meminfo', meminfoText(memoryReading(this.#memoryMebibytes, anonymous, this.#sharedKibibytes())));
    this.#table = table;
    this.#sampledAtSeconds = nowSeconds;
  }

  /** Stops sampling and lets go of the instance's files. */
  close(): void {
    clearTimeout(this.#timer);
    for (const file of this.#files.values()) closeSync(file);
  }

  #schedule(afterMillis: number): NodeJS.Timeout {
    return setTimeout(() => {
      const startedAtSeconds = monotonicSeconds();
      try {
        this.sample();
      } catch {
        // The instance has ended, which its process's exit tells; until then there is nothing to read.
      }
      const tookMillis = (monotonicSeconds() - startedAtSeconds) * 1000;
      this.#timer = this.#schedule(Math.max(SAMPLE_EVERY_MILLIS, tookMillis / SHARE_OF_TIME));
    }, afterMillis).unref();
  }

  #write(name: (typeof VIEWS)[number], text: string): void {
    const file = this.#files.get(name);
    if (file === undefined) throw new Error(`no view named ${name}`);
    writeSync(file, text, 0);
  }

  #sharedKibibytes(): number {
    const { blocks, bfree, bsize } = statfsSync(join(this.#machineRoot, 'dev/shm'));
    return ((blocks - bfree) * bsize) / 1024;
  }
}

function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}

/** The machine's own: processes' start times, which tools add to it, count from there. */
function bootTime(): number {
  return Number(/^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? 0);
}
