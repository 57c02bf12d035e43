import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

const REAPER = join(import.meta.dirname, 'reaper.py');
const MAIN = join(import.meta.dirname, '../../sandbox/main.ts');
const PATIENCE_SECONDS = 15;
const COMES_UP_WITHIN_SECONDS = 120;

/** How a sandbox ended, and what it left running. */
export interface SandboxEnd {
  /** The negative number of the signal that ended it, if one did. */
  readonly exitCode: number;
  /** Until everything that it had started had ended too. */
  readonly goneAfterSeconds: number;
  /** Command lines of what still ran 15 s after it, and was killed then. */
  readonly left: readonly string[];
}

/** `sandbox/main.ts`, as `npm start` runs it, under a process that inherits whatever it leaves. */
export class SupervisedSandbox {
  readonly startedAtMillis = Date.now();
  readonly ended: Promise<SandboxEnd>;
  readonly #pid: Promise<number>;
  #output = '';
  #hasEnded = false;

  /** It writes into `folder`, which is its TMPDIR too. */
  constructor(folder: string, options: readonly string[]) {
    const child = spawn('python3', [REAPER, String(PATIENCE_SECONDS), process.execPath, MAIN, ...options], {
      env: { ...process.env, SANDBOX_IN: folder, TMPDIR: folder },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    const told = child.stdio[3];
    if (!(told instanceof Readable)) throw new Error('the pipe from the reaper is missing');
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        this.#output += chunk.toString();
      });
    }
    const lines = createInterface({ input: told })[Symbol.asyncIterator]();
    this.#pid = nextLine(lines).then(Number);
    this.ended = this.#pid
      .then(() => nextLine(lines))
      .then((line): SandboxEnd => JSON.parse(line))
      .finally(() => {
        this.#hasEnded = true;
      });
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output;
  }

  /** Waits until its endpoint answers; false where it ends before, or does not come up within two minutes. */
  async comesUp(): Promise<boolean> {
    const deadline = Date.now() + COMES_UP_WITHIN_SECONDS * 1000;
    while (!this.#output.includes('AWS endpoint')) {
      if (this.#hasEnded || Date.now() > deadline) return false;
      await wait(10);
    }
    return true;
  }

  /** Waits until it starts its process number `place`, or ends before. */
  async startsProcess(place: number): Promise<void> {
    const pid = await this.#pid;
    const seen = new Set<string>();
    while (seen.size < place && !this.#hasEnded) {
      for (const child of childrenOf(pid)) seen.add(child);
      await wait(1);
    }
  }

  async end(signal: 'SIGINT' | 'SIGKILL'): Promise<SandboxEnd> {
    const pid = await this.#pid;
    if (!this.#hasEnded) process.kill(pid, signal);
    return this.ended;
  }
}

function childrenOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean);
  } catch {
    return []; // it has just ended
  }
}

async function nextLine(lines: ReturnType<Interface[typeof Symbol.asyncIterator]>): Promise<string> {
  const { value, done } = await lines.next();
  if (done === true) throw new Error('the reaper ended without a word');
  return value;
}
