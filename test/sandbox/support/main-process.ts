import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../scenarios/until.ts';

const MAIN = join(import.meta.dirname, '../../../sandbox/main.ts');

/** How a program ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** `node sandbox/main.ts` in a process of its own, as `npm start` runs it, with a folder of its own. */
export class MainProcess {
  readonly #child: ChildProcess;
  readonly #parent: string;
  #stdout = '';
  #stderr = '';

  constructor(...options: string[]) {
    this.#parent = mkdtempSync(join(tmpdir(), 'sandbox-main-'));
    mkdirSync(this.temporaryFolder);
    const env = { ...process.env, SANDBOX_IN: this.#parent, TMPDIR: this.temporaryFolder };
    this.#child = spawn(process.execPath, [MAIN, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.#stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.#stderr += chunk.toString();
    });
  }

  get folder(): string {
    return join(this.#parent, '.sandbox');
  }

  /** The TMPDIR of the process and of all that it starts. */
  get temporaryFolder(): string {
    return join(this.#parent, 'tmp');
  }

  get stdout(): string {
    return this.#stdout;
  }

  /** Waits until it has printed something; fails where it ends before. */
  async prints(text: string): Promise<void> {
    await until(`the sandbox prints "${text}"`, () => {
      if (this.#child.exitCode !== null) throw new Error(`the sandbox ended ${this.#child.exitCode}: ${this.#stderr}`);
      return this.#stdout.includes(text);
    });
  }

  outputs(): unknown {
    return JSON.parse(readFileSync(join(this.folder, 'outputs.json'), 'utf8'));
  }

  /** Sends a signal and waits until the process has ended. */
  async end(signal: NodeJS.Signals): Promise<Ended> {
    this.#child.kill(signal);
    return this.ended();
  }

  async ended(): Promise<Ended> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
    return { exitCode: this.#child.exitCode, stdout: this.#stdout, stderr: this.#stderr };
  }

  /** Itself and all that it started, and what those started: pid and start time each, so that a pid given again is not mistaken. */
  processes(): string[] {
    const all = readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(name) ?? []) : []));
    const family = new Set([String(this.#child.pid)]);
    for (let before = 0; before < family.size; ) {
      before = family.size;
      for (const { pid, parent } of all) if (family.has(parent)) family.add(pid);
    }
    return all.filter(({ pid }) => family.has(pid)).map(({ pid, start }) => `${pid} ${start}`);
  }

  /** Waits until none of these processes is there, then says what else was left behind. */
  async leavesBehind(processes: readonly string[]): Promise<{ readonly mounts: string[]; readonly files: string[] }> {
    await until(`the processes ${processes.join(', ')} are gone`, () => !processes.some(isThere), 20);
    return {
      mounts: readFileSync('/proc/self/mountinfo', 'utf8')
        .split('\n')
        .filter((line) => line.includes(this.#parent)),
      files: existsSync(this.temporaryFolder) ? readdirSync(this.temporaryFolder) : [],
    };
  }

  /** Ends what still runs, and removes the folder. */
  async remove(): Promise<void> {
    await this.end('SIGKILL');
    rmSync(this.#parent, { recursive: true, force: true });
  }
}

function readStat(pid: string): { pid: string; parent: string; start: string } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent = '', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return state === 'Z' ? undefined : { pid, parent, start: rest[17] ?? '' };
  } catch {
    return undefined; // it has just ended
  }
}

function isThere(process: string): boolean {
  const [pid = '', start] = process.split(' ');
  return readStat(pid)?.start === start;
}

/** Runs a program to its end; a failure is an answer, not an error. */
export function run(
  command: string,
  args: readonly string[],
  options: { env: NodeJS.ProcessEnv; cwd: string },
): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(command, args, { ...options, shell: false }, (_error, stdout, stderr) =>
      resolve({ exitCode: child.exitCode, stdout, stderr }),
    );
  });
}
