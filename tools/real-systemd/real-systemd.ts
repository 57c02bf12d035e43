import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What a command said and how it ended; `code` is -1 if a signal ended it. */
export interface Finished {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** This machine's own systemd as pid 1 of a small instance of namespaces; gone with this process. */
export interface RealSystemd {
  /** Runs bash inside, with these variables besides PATH. */
  readonly run: (bash: string, variables?: Record<string, string>) => Promise<Finished>;
  /** Runs bash inside, and throws unless it exits 0; its output. */
  readonly ask: (bash: string, variables?: Record<string, string>) => Promise<string>;
  /** The folder that it sees as /given. */
  readonly given: string;
  readonly close: () => Promise<void>;
}

const NAMESPACES = ['--mount', '--pid', '--uts', '--ipc', '--cgroup'];

export async function startSystemd(rootMebibytes = 64): Promise<RealSystemd> {
  if (!existsSync('/lib/systemd/systemd')) throw new Error('there is no /lib/systemd/systemd: apt-get install systemd');
  const folder = mkdtempSync(join(tmpdir(), 'systemd-'));
  mkdirSync(join(folder, 'given'));
  const cgroup = join(unifiedHierarchy(), `self-healing-test-${process.pid}-${Date.now()}`);
  mkdirSync(cgroup);
  const enter = `echo $$ >"$1/cgroup.procs"; shift; exec setpriv --pdeathsig KILL -- unshare ${NAMESPACES.join(' ')} --fork --kill-child "$@"`;
  const boot = ['bash', join(import.meta.dirname, 'boot.sh'), folder, String(rootMebibytes)];
  const init = spawn('bash', ['-c', enter, 'enter', cgroup, ...boot], { stdio: ['ignore', 'pipe', 'pipe'] });
  const pid = await new Promise<string>((resolve, reject) => {
    let complaint = '';
    init.stderr.on('data', (text: Buffer) => {
      complaint += text.toString();
    });
    init.stdout.once('data', (line: Buffer) => resolve(line.toString().replace('ready', '').trim()));
    init.once('exit', (code) => reject(new Error(`systemd did not start, unshare ended with ${code}: ${complaint}`)));
  });

  const run: RealSystemd['run'] = (bash, variables = {}) =>
    new Promise((resolve) => {
      const child = spawn('nsenter', ['-t', pid, ...NAMESPACES, '--', 'bash', '-c', bash], {
        env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', ...variables },
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
  const ask: RealSystemd['ask'] = async (bash, variables) => {
    const { code, stdout, stderr } = await run(bash, variables);
    if (code !== 0) throw new Error(`${bash}\nended with ${code}: ${stderr}`);
    return stdout;
  };
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => init.once('close', resolve));
    init.kill('SIGKILL');
    await closed;
    await removeCgroups(cgroup);
    rmSync(folder, { recursive: true, force: true });
  };
  await ask('until systemctl is-active --quiet multi-user.target 2>/dev/null; do sleep 0.1; done');
  return { run, ask, given: join(folder, 'given'), close };
}

/** Where the cgroups of version 2 are: the only ones, or beside those of version 1. */
function unifiedHierarchy(): string {
  const place = readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .find((fields) => fields.includes('cgroup2'))?.[4];
  if (place === undefined) throw new Error('this machine has no cgroups of version 2 mounted, which a systemd needs');
  return place;
}

/** Cgroups go only once they are empty, the innermost first; the kernel may take a moment to see that what was in them ended. */
async function removeCgroups(folder: string): Promise<void> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeCgroups(join(folder, entry.name));
  }
  const isEmpty = (): boolean => !readFileSync(join(folder, 'cgroup.events'), 'utf8').includes('populated 1');
  for (let patience = 500; !isEmpty() && patience > 0; patience -= 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
  rmdirSync(folder);
}
