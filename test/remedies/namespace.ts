import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Purpose } from '../../lambdas/core/purpose.ts';
import { type LocatedSlice, remediesOf } from '../../lib/config/remedies-of.ts';
import { scriptOf } from '../../lib/document-content.ts';

const REMEDIES = join(import.meta.dirname, '../../remedies');

/** What a command said and how it ended; `code` is -1 if a signal ended it. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The JSON object of a repair or an undo, as far as the tests read it. */
export interface Result {
  readonly result: string;
  readonly reason?: string;
  readonly summary: string;
  readonly bytesFreed?: number;
  readonly counts: Record<string, number>;
  readonly largest: { path: string; bytes: number }[];
  readonly changes: Record<string, string | number>[];
  readonly left: { why: string; count: number }[];
  readonly evidence: Record<string, string | string[]>;
  readonly manifest?: { place: string; sha256: string; entries: number } | { omitted: string };
}

/** A small instance: a process tree and disks of its own, `/` and `/data` of the given MiB; gone with this process. */
export interface Namespace {
  /** Folder of the machine that is /given inside. */
  readonly given: string;
  /** Its pid 1, as the machine knows it. */
  readonly initPid: number;
  /** Runs bash inside, with these variables besides PATH. */
  readonly run: (bash: string, variables?: Record<string, string>) => Promise<Finished>;
  /** Runs bash inside, and throws unless it exits 0; its output. */
  readonly ask: (bash: string, variables?: Record<string, string>) => Promise<string>;
  /** Runs a remedy's script with these parameters; each call is an attempt of its own unless it says otherwise. */
  readonly script: (
    remedy: string,
    script: Purpose | 'break',
    parameters: Record<string, string>,
    /** What runs the script, such as `timeout -s KILL 0.2`. */
    by?: string,
  ) => Promise<Finished>;
  readonly close: () => Promise<void>;
}

/** Sleeps a tenth of whole seconds: scripts that wait, rather than measure, need no more to be right. */
const HURRIED_SLEEP = `#!/bin/bash
[[ $1 != [1-9] ]] || set -- "0.$1"
exec /usr/bin/sleep "$1"
`;

let attempts = 0;

/**
 * Starts a namespace; `cpus` and `memoryMiB` give it a /proc/stat and a /proc/meminfo of its own, `remedies` are others than the
 * system's own. In a `hurried` one a `sleep` of whole seconds takes a tenth of them.
 */
export async function startNamespace(options: {
  remedies?: readonly LocatedSlice[];
  rootMiB?: number;
  dataMiB?: number;
  cpus?: number;
  memoryMiB?: number;
  hurried?: boolean;
}): Promise<Namespace> {
  const folder = mkdtempSync(join(tmpdir(), 'remedy-'));
  const given = join(folder, 'given');
  mkdirSync(given);
  const { remedies = remediesOf({}) } = options;
  cpSync(REMEDIES, join(given, 'remedies'), { recursive: true });
  for (const { slice, folder: place } of remedies) {
    cpSync(join(place, slice.id), join(given, 'remedies', slice.id), { recursive: true });
  }
  for (const name of ['feed-stat.sh', 'feed-meminfo.sh']) cpSync(join(import.meta.dirname, name), join(given, name));
  if (options.hurried === true) {
    mkdirSync(join(given, 'bin'));
    writeFileSync(join(given, 'bin/sleep'), HURRIED_SLEEP, { mode: 0o755 });
  }
  const boot = join(import.meta.dirname, 'namespace.sh');
  const sizes = [String(options.rootMiB ?? 64), String(options.dataMiB ?? 16)];
  const init = spawn(
    'setpriv',
    [
      '--pdeathsig',
      'KILL',
      '--',
      'unshare',
      '--mount',
      '--pid',
      '--uts',
      '--ipc',
      '--fork',
      '--kill-child',
      'bash',
      boot,
      folder,
      ...sizes,
    ],
    { stdio: ['pipe', 'pipe', 'pipe'] },
  );
  const pid = await new Promise<string>((resolve, reject) => {
    init.stdout.once('data', (line: Buffer) => resolve(line.toString().replace('ready', '').trim()));
    let complaint = '';
    init.stderr.on('data', (text: Buffer) => {
      complaint += text.toString();
    });
    init.once('exit', (code) =>
      reject(new Error(`the namespace did not start, unshare ended with ${code}: ${complaint}`)),
    );
  });

  const run: Namespace['run'] = (bash, variables = {}) =>
    new Promise((resolve) => {
      const inside = ['-t', pid, '--mount', '--pid', '--uts', '--ipc', '--', 'bash', '-c', bash];
      const child = spawn('nsenter', inside, {
        env: { PATH: '/given/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...variables },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const said = { stdout: '', stderr: '' };
      for (const stream of ['stdout', 'stderr'] as const) {
        child[stream].setEncoding('latin1').on('data', (text: string) => {
          said[stream] += text;
        });
      }
      child.once('close', (code) => resolve({ code: code ?? -1, ...said }));
    });
  const ask: Namespace['ask'] = async (bash, variables) => {
    const { code, stdout, stderr } = await run(bash, variables);
    if (code !== 0) throw new Error(`${bash}\nended with ${code}: ${stderr}`);
    return stdout;
  };
  const script: Namespace['script'] = (remedy, name, parameters, by = '') => {
    attempts += 1;
    const file = `${remedy}-${name}.sh`;
    const located = remedies.find(({ slice }) => slice.id === remedy);
    if (located === undefined) throw new Error(`no remedy ${remedy}`);
    const text =
      name === 'break'
        ? readFileSync(join(located.folder, remedy, 'break.sh'))
        : scriptOf(located.slice, name, located.folder);
    writeFileSync(join(given, file), text);
    const variables = { AttemptId: `attempt-${attempts}`, Fence: String(attempts), ...parameters };
    const named = Object.entries(variables).map(([key, value]) => [`SSM_${key}`, value]);
    return run(`exec ${by} bash /given/${file}`, Object.fromEntries(named));
  };
  const close = async () => {
    // unshare takes its child, and that the whole tree, with it; the child held the pipes, so their end is its own.
    const closed = new Promise((resolve) => init.once('close', resolve));
    init.kill('SIGKILL');
    await closed;
    rmSync(folder, { recursive: true, force: true });
  };
  /** Starts what keeps a file of /proc up to date, and waits until it stands there. */
  const feed = (file: string, variables: Record<string, string>) =>
    ask(
      `cp /usr/bin/bash /run/feed-${file}; setsid /run/feed-${file} /given/feed-${file}.sh </dev/null >/dev/null 2>&1 & until grep -q /proc/${file} /proc/self/mountinfo; do sleep 0.05; done`,
      variables,
    );
  if (options.cpus !== undefined) await feed('stat', { SSM_Cpus: String(options.cpus) });
  if (options.memoryMiB !== undefined) await feed('meminfo', { SSM_MemoryMiB: String(options.memoryMiB) });
  return { given, initPid: Number(pid), run, ask, script, close };
}

/** Starts a detached program in the namespace, and answers its pid there. */
export const startProgram = async (namespace: Namespace, command: string): Promise<number> =>
  Number(await namespace.ask(`setsid ${command} </dev/null >/dev/null 2>&1 & echo $!`));

/** Reads a result, which must be the one object of at most 16 KB that the output is. */
export function readResult(finished: Finished): Result {
  if (finished.code !== 0) throw new Error(`the script ended with ${finished.code}: ${finished.stderr}`);
  if (finished.stdout.length > 16_384) throw new Error(`the result has ${finished.stdout.length} bytes`);
  return JSON.parse(Buffer.from(finished.stdout, 'latin1').toString('utf8'));
}
