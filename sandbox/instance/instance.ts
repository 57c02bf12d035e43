import type { Server } from 'node:net';

/** A command to run inside an instance. */
export interface InsideCommand {
  /** Program and arguments; the program is looked up on the instance's PATH. */
  readonly command: readonly string[];
  /** Added to the clean environment (HOME, PATH, LANG). */
  readonly environment?: Readonly<Record<string, string>>;
  /** Real seconds after which the command's whole session is killed; default: never. */
  readonly timeoutSeconds?: number;
  /** Bytes kept of each of stdout and stderr; the rest is read and dropped. Default 1 MiB. */
  readonly maximumOutputBytes?: number;
  readonly stdin?: string;
  /** Aborting kills the command's whole session. */
  readonly abortSignal?: AbortSignal;
}

/** What a command inside an instance left. */
export interface InsideResult {
  /** `null` where a signal ended the command. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly timedOut: boolean;
}

/** One file system as the instance's agent sees it. */
export interface DiskUsage {
  readonly path: string;
  readonly fstype: string;
  readonly usedPercent: number;
}

/** What the CloudWatch agent would measure inside. */
export interface InstanceMetrics {
  /** Over the time since the last reading; everything but idle. */
  readonly cpuUsageActivePercent: number;
  readonly memoryUsedPercent: number;
  readonly processesTotal: number;
  readonly processesZombies: number;
  readonly disks: readonly DiskUsage[];
}

/** A running machine made of Linux namespaces. */
export interface SandboxInstance {
  readonly instanceId: string;
  /** False once its pid 1 is gone, whoever ended it. */
  readonly running: boolean;
  /** Runs a command as root in `/`; fails with `InstanceNotRunning`. */
  exec(command: InsideCommand): Promise<InsideResult>;
  /** Fails with `InstanceNotRunning`. */
  metrics(): Promise<InstanceMetrics>;
  /** Text of a file inside, as it is now; `undefined` where it cannot be read. */
  readFile(path: string): string | undefined;
  /** A server of this process on any port of the instance's own loopback, for whoever is inside. */
  listen(): Promise<Server>;
  /**
   * Ends every process inside and waits until they are gone; may be called again. What is on the disks is kept in an archive,
   * where one is named.
   */
  stop(disksArchive?: string): Promise<void>;
}

/** The instance was stopped, or its pid 1 ended. */
export class InstanceNotRunning extends Error {
  override readonly name = 'InstanceNotRunning';
  constructor(instanceId: string) {
    super(`instance ${instanceId} is not running`);
  }
}
