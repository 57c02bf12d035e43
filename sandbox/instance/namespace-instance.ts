import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import type { Server } from 'node:net';
import { join } from 'node:path';
import type { BootOptions } from './boot-instance.ts';
import type { InsideCommand, InsideResult, InstanceMetrics, SandboxInstance } from './instance.ts';
import { InstanceNotRunning } from './instance.ts';
import { saveDisks } from './keep-disks.ts';
import { listenInside } from './listen-inside.ts';
import type { Namespaces } from './namespaces.ts';
import { readIfThere } from './process-table.ts';
import type { CpuReading } from './read-metrics.ts';
import { activePercent, readCpu, readDisks, readMemoryUsedPercent } from './read-metrics.ts';
import { runInside } from './run-inside.ts';
import { Sampler } from './sampler.ts';

const DISKS = ['/', '/data'];

/** An instance that runs: its pid 1 is known, and `exited` tells its end. */
export class NamespaceInstance implements SandboxInstance {
  readonly instanceId: string;
  readonly #folder: string;
  readonly #namespaces: Namespaces;
  readonly #exited: Promise<void>;
  readonly #initPid: number;
  readonly #machineRoot: string;
  readonly #sampler: Sampler;
  #lastCpu: CpuReading = { total: 0, idle: 0 };
  #lastActivePercent = 0;
  #running = true;

  constructor(options: BootOptions, namespaces: Namespaces, exited: Promise<void>, initPid: number) {
    this.instanceId = options.instanceId;
    this.#folder = options.folder;
    this.#namespaces = namespaces;
    this.#initPid = initPid;
    this.#machineRoot = `/proc/${initPid}/root`;
    this.#sampler = new Sampler(this.#machineRoot, options);
    this.#exited = exited.then(() => {
      this.#running = false;
      this.#sampler.close();
    });
  }

  get running(): boolean {
    return this.#running;
  }

  async exec(command: InsideCommand): Promise<InsideResult> {
    this.#refuseIfStopped();
    const result = await runInside(this.#initPid, this.#namespaces, command);
    // The instance may end while the command is on its way in; then it is nsenter that fails.
    if (result.exitCode === 1 && result.stderr.startsWith('nsenter: ') && !existsSync(`${this.#machineRoot}/proc`)) {
      throw new InstanceNotRunning(this.instanceId);
    }
    return result;
  }

  async metrics(): Promise<InstanceMetrics> {
    this.#refuseIfStopped();
    this.#sampler.sample();
    const cpu = readCpu(this.#machineRoot);
    this.#lastActivePercent = activePercent(this.#lastCpu, cpu) ?? this.#lastActivePercent;
    this.#lastCpu = cpu;
    return {
      cpuUsageActivePercent: this.#lastActivePercent,
      memoryUsedPercent: readMemoryUsedPercent(this.#machineRoot),
      processesTotal: this.#sampler.table.length,
      processesZombies: this.#sampler.table.filter(({ state }) => state === 'Z').length,
      disks: readDisks(this.#machineRoot, this.#initPid, DISKS),
    };
  }

  readFile(path: string): string | undefined {
    return readIfThere(join(this.#machineRoot, path));
  }

  listen(): Promise<Server> {
    this.#refuseIfStopped();
    return listenInside(this.#initPid, this.#namespaces);
  }

  async stop(disksArchive?: string): Promise<void> {
    if (this.#running && disksArchive !== undefined) await saveDisks(this.#machineRoot, disksArchive);
    // By its pid 1: `unshare` waits for it and ends after everything inside has.
    if (this.#running) killIfThere(this.#initPid);
    await this.#exited;
    await rm(join(this.#folder, 'root'), { recursive: true, force: true });
  }

  #refuseIfStopped(): void {
    if (!this.#running) throw new InstanceNotRunning(this.instanceId);
  }
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
