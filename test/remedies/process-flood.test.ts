import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { startScript } from './parents.ts';

let namespace: Namespace;
const parameters = { ThresholdCount: '60', SampleSeconds: '1', TermWaitSeconds: '2', Expendable: 'command=batch-*' };
const script = (name: 'check' | 'repair' | 'undo', more: Record<string, string> = {}) =>
  namespace.script('process-flood', name, { ...parameters, ...more });
const check = (more: Record<string, string> = {}) => script('check', more);
const repair = async (more: Record<string, string> = {}): Promise<Result> => readResult(await script('repair', more));
const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
/** State of a process, `gone` where it has ended. */
const stateOf = async (pid: number) =>
  (await namespace.ask(`ps -o stat= -p ${pid} | grep -v Z || echo gone`)).trim().slice(0, 4);
const isAlive = async (pid: number) => (await stateOf(pid)) !== 'gone';
const countOf = async (name: string) =>
  Number(await namespace.ask(`ps -eo stat=,comm= | grep -v ^Z | grep -c " $NAME$" || true`, { NAME: name }));

/** A copy of `sleep` of this name is started so many times by one parent, which ends; their pids. */
const startMany = async (name: string, count: number): Promise<number[]> => {
  const pids = await namespace.ask(
    `mkdir -p /run/programs; cp /usr/bin/sleep "/run/programs/$NAME"
    setsid bash -c 'for ((n = 0; n < $2; n++)); do "/run/programs/$1" 1000 </dev/null >/dev/null 2>&1 & echo $!; done' bash "$NAME" ${count}`,
    { NAME: name },
  );
  return pids.trim().split('\n').map(Number);
};
/** Python that becomes so many processes, which wait. */
const spread = (count: number) => `import os, signal, sys, time
for _ in range(${count - 1}):
    if os.fork() == 0:
        while True: signal.pause()
`;
/** Python that notes that it went on, and so that it had been held. */
const NOTE_HELD = "import signal\nsignal.signal(signal.SIGCONT, lambda *_: open('/run/went-on', 'w').close())\n";
const WAIT = 'while True: signal.pause()';
const READY = "open('/run/ready', 'w').close()";

beforeEach(async () => {
  namespace = await startNamespace({});
});
afterEach(async () => namespace.close());

/** How many of the decoys are the processes that they were, and how many there are. */
const spared = async () =>
  (
    await namespace.ask(`while read -r pid start name; do
      stat=(); read -r -a stat </proc/$pid/stat; echo "$name $((\${stat[21]:-0} - start)) \${stat[2]/[RS]/alive}"
    done </run/sandbox-decoys-process-flood | sort | uniq -c`)
  ).trim();
const ALL = ['2 batch-report 0 alive', '5 ledger-server 0 alive'];

describe('what break.sh makes', () => {
  test('is found, healed and left alone, and the decoys are spared', async () => {
    expect(await check()).toMatchObject({ code: 0, stdout: 'processes: 2, limit 60, most are bash: 2\n' });
    await namespace.script('process-flood', 'break', { Processes: '90' });
    await namespace.script('process-flood', 'break', { Processes: '90' });
    expect(await check()).toMatchObject({
      code: 1,
      stdout: 'processes: 101, limit 60, most are batch-task: 90\n',
      stderr: '',
    });
    const result = await repair();
    expect(result).toMatchObject({
      result: 'changed',
      summary: 'processes 101 -> 10, limit 60; sources stopped: 1, processes in them: 91',
      counts: { stopped: 1, processesStopped: 91 },
      changes: [{ what: 'terminated', comm: 'batch-storm', user: 'root', processes: 91 }],
      left: [{ why: 'below the limit', count: 10 }],
    });
    expect(result.evidence).toMatchObject({
      mostBefore: [
        'by name: batch-task 90, ledger-server 5, bash 2',
        'by user: root 101',
        'by unit: none 101',
        expect.stringMatching(/^by parent: \d+ batch-storm 91, \d+ ledger-server 4, 1 bash 3$/),
      ],
      sources: [expect.stringMatching(/^\d+ batch-storm, unit none: 91 terminated, new in 1 s: 0$/)],
    });
    expect(await check()).toMatchObject({ code: 0 });
    expect(await repair()).toMatchObject({ result: 'already-healthy', changes: [] });
    expect(await spared()).toBe([...ALL, '1 report-writer 0 alive'].join('\n      '));
  });

  test('as a bomb, whose parents have ended or not, is healed as well', async () => {
    await namespace.script('process-flood', 'break', { Processes: '90', Way: 'bomb' });
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 91 } });
    expect(await countOf('batch-bomb')).toBe(0);
    expect(await spared()).toBe(ALL.join('\n      '));
  });
});

describe('a bomb that nobody disarmed', () => {
  /** As another user, bounded by that user's limit: it tries to be more all the time. */
  const startBomb = async (setup: string, limit: number) => {
    await startScript(
      namespace,
      'batch-bomb',
      `${spread(80)}${READY}
${setup}
while True:
    try: os.fork()
    except OSError:
        open('/tmp/full', 'w').close()
        time.sleep(0.02)`,
      `setpriv --reuid 64321 --regid 64321 --clear-groups -- prlimit --nproc=${limit} --`,
    );
  };

  test('is held whole before any of it is stopped, so that none is left', async () => {
    await namespace.ask('chmod 777 /run; echo "nightly:x:64321:64321::/:/bin/sh" >>/etc/passwd');
    await startBomb('', 200);
    await namespace.ask('until [[ -e /tmp/full ]]; do sleep 0.05; done');
    const result = await repair({ Expendable: 'user=nightly' });
    expect(result).toMatchObject({ result: 'changed', counts: { stopped: 1 } });
    expect(await countOf('batch-bomb')).toBe(0);
    expect((await check()).stdout).toBe('processes: 2, limit 60, most are bash: 2\n');
  });

  test('takes all pids that there are while the script runs: it needs no process until the bomb is gone', async () => {
    // pid_max is a process namespace's own since Linux 6.14; before, the user's limit alone bounds the bomb
    const [major = 0, minor = 0] = (await namespace.ask('uname -r')).split('.').map(Number);
    const hasOwnLimit = major > 6 || (major === 6 && minor >= 14);
    await namespace.ask('chmod 777 /run; echo "nightly:x:64321:64321::/:/bin/sh" >>/etc/passwd');
    // the kernel gives none below 300 a second time
    await namespace.ask('echo 299 >/proc/sys/kernel/ns_last_pid');
    await startBomb("while not os.path.exists('/run/go'): time.sleep(0.02)", 150);
    if (hasOwnLimit) await namespace.ask('echo 400 >/proc/sys/kernel/pid_max');
    // its last program before it holds anything
    await namespace.ask(`mkdir -p /given/bin; cat >/given/bin/renice <<'END'
#!/bin/bash
: >/run/go; until [[ -e /tmp/full ]]; do :; done
END
    chmod +x /given/bin/renice`);
    const finished = await script('repair', { Expendable: 'user=nightly', Protected: 'user=root' });
    expect(readResult(finished)).toMatchObject({ result: 'changed', counts: { stopped: 1 } });
    expect(finished.stderr).toBe('');
    expect(await countOf('batch-bomb')).toBe(0);
  });
});

describe('S15: what is held and stopped', () => {
  test('S15: not what nobody called expendable: it is not even held', async () => {
    await startScript(namespace, 'ledger', `${NOTE_HELD}${spread(80)}${READY}\n${WAIT}`);
    const result = await repair({ Expendable: 'command=batch-*;user=nobody' });
    expect(result).toMatchObject({
      result: 'nothing-to-do',
      changes: [],
      left: [{ why: 'not-expendable', count: 80 }],
    });
    expect(await countOf('ledger')).toBe(80);
    expect((await namespace.run('ls /run/went-on')).code).not.toBe(0);
  });

  test('S15: not the agent, sshd, the container runtime and the protected list, even if expendable', async () => {
    const names = ['sshd', 'amazon-ssm-agent', 'ssm-document-worker', 'containerd-shim-runc-v2', 'batch-payroll'];
    const pids = [];
    for (const name of names) pids.push(...(await startMany(name, 14)));
    const result = await repair({ Expendable: 'command=*;user=root', Protected: 'command=batch-pay*' });
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [], left: [{ why: 'protected', count: 70 }] });
    expect(await namespace.ask(`ps -o pid= -p ${pids.join()} | wc -l`)).toBe('70\n');
  });

  test('S15: not more than is needed, nothing that is too few, and no more sources than the limit', async () => {
    for (const [name, count] of [
      ['batch-a', 60],
      ['batch-b', 30],
      ['batch-c', 8],
      ['batch-d', 2],
    ] as const) {
      await startMany(name, count);
    }
    expect(left(await repair({ MaximumKills: '0' }))).toEqual({
      'limit of stopped sources': 98,
      'too few to be worth it': 2,
    });
    expect((await repair()).changes).toMatchObject([{ what: 'terminated', comm: 'batch-a', processes: 60 }]);
    expect(await namespace.ask('ps -eo comm= | grep batch- | sort | uniq -c')).toBe(
      '     30 batch-b\n      8 batch-c\n      2 batch-d\n',
    );
  });

  test('what multiplies, before what is more but does not', async () => {
    await startMany('batch-pool', 50);
    const grows = await startScript(
      namespace,
      'batch-grow',
      `${spread(20)}${READY}
for _ in range(20):
    if os.fork() == 0: signal.pause()
    time.sleep(0.1)
${WAIT}`,
    );
    const result = await repair();
    expect(result.changes).toMatchObject([{ pid: grows, comm: 'batch-grow' }]);
    expect(await countOf('batch-pool')).toBe(50);
  });

  test('who starts them from outside is named, and left alone', async () => {
    const server = await startScript(
      namespace,
      'media-server',
      `import os, shutil, signal
shutil.copy('/usr/bin/sleep', '/srv/batch-thumb')
for _ in range(70):
    if os.fork() == 0: os.execl('/srv/batch-thumb', 'batch-thumb', '1000')
${READY}
${WAIT}`,
    );
    const result = await repair();
    expect(result.evidence['sources']).toEqual([
      expect.stringMatching(
        new RegExp(
          `^\\d+ batch-thumb, unit none: 70 terminated, new in 1 s: 0, started by ${server} media-server: not-expendable$`,
        ),
      ),
    ]);
    expect(await isAlive(server)).toBe(true);
  });

  test('S15: not pid 1 of a container: what it started is', async () => {
    await namespace.ask('cp /usr/bin/bash /run/batch-init');
    const outer = await namespace.ask(`setsid unshare --pid --fork /run/batch-init -c \
      'exec {rest}<&0; for n in {1..70}; do while :; do read -r -u "$rest"; done & done; : >/run/ready; while :; do read -r; done' <> <(:) >/dev/null 2>&1 &
      until [[ -e /run/ready ]]; do sleep 0.05; done; echo $!`);
    const init = Number(await namespace.ask(`pgrep -x -P ${outer.trim()} batch-init`));
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 70 } });
    expect(await isAlive(init)).toBe(true);
    expect(await countOf('batch-init')).toBe(1);
  });

  /** Puts a process into a unit whose main process it is, and has a systemctl that notes what it is asked, and restarts it. */
  const makeUnit = (main: number, ...others: number[]) =>
    namespace.ask(`mkdir -p /given/bin; echo '0::/batch.slice/nightly.service' >/run/cgroup
    for pid in ${[main, ...others].join(' ')}; do mount --bind /run/cgroup /proc/$pid/cgroup; done
    cat >/given/bin/systemctl <<'END'
#!/bin/bash
echo "$*" >>/run/asked
case $1 in
show) echo MainPID=${main} ;;
restart) kill -9 ${main} ;;
esac
END
    chmod +x /given/bin/systemctl`);

  test('the main process of a unit is restarted through its manager, and the rest is stopped', async () => {
    const main = await startScript(namespace, 'batch-daemon', `${spread(80)}${READY}\n${WAIT}`);
    await makeUnit(main);
    expect((await repair()).changes).toMatchObject([{ what: 'terminated', pid: main, comm: 'batch-daemon' }]);
    expect(await namespace.ask('cat /run/asked')).toBe('show -p MainPID nightly.service\nrestart nightly.service\n');
    expect(await countOf('batch-daemon')).toBe(0);
  });

  test('S15: a unit is not restarted, nor its main process stopped, while it holds what nobody called expendable', async () => {
    const main = await startScript(namespace, 'batch-daemon', `${spread(80)}${READY}\n${WAIT}`);
    const [ledger = 0] = await startMany('ledger', 1);
    await makeUnit(main, ledger);
    expect(left(await repair())).toMatchObject({
      'main process of a unit that holds processes that are not expendable': 1,
    });
    expect(await namespace.ask('cat /run/asked')).toBe('show -p MainPID nightly.service\n');
    for (const pid of [main, ledger]) expect(await isAlive(pid)).toBe(true);
    expect(await countOf('batch-daemon')).toBe(1);
  });
});

describe('S16: signals', () => {
  test('S16: what ignores TERM gets KILL after the wait', async () => {
    const pid = await startScript(
      namespace,
      'batch-stubborn',
      `import signal\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n${spread(80)}${READY}\n${WAIT}`,
    );
    expect((await repair()).changes).toMatchObject([{ what: 'killed', pid, processes: 80 }]);
  });

  test('S16: TERM comes first, and is heard before KILL', async () => {
    await startScript(
      namespace,
      'batch-tidy',
      `import os, signal
def tidy(*_):
    open(f'/run/tidied-{os.getpid()}', 'w').close()
    os._exit(0)
signal.signal(signal.SIGTERM, tidy)
${spread(70)}${READY}\n${WAIT}`,
    );
    expect((await repair({ TermWaitSeconds: '9' })).changes).toMatchObject([{ what: 'terminated', processes: 70 }]);
    expect(await namespace.ask('ls /run | grep -c tidied')).toBe('70\n');
  });

  /** What a program does where the repair asks a unit for its main process: after it judged, before it holds. */
  const meanwhile = (main: number, bash: string) =>
    namespace.ask(
      `mkdir -p /given/bin; echo '0::/system.slice/batch.service' >/run/cgroup
    mount --bind /run/cgroup /proc/${main}/cgroup
    printf '#!/bin/bash\n%s\n' "$DO" >/given/bin/systemctl; chmod +x /given/bin/systemctl`,
      { DO: bash },
    );

  test('S16: a stranger that was given the pid meanwhile is not signalled', async () => {
    const main = await startScript(namespace, 'batch-spawn', `${spread(80)}${READY}\n${WAIT}`);
    // one whose pid is no group's, for it could not be given away
    const pid = Number(await namespace.ask(`pgrep -P ${main} | head -n 1`));
    await namespace.ask('cp /usr/bin/sleep /run/batch-stranger');
    await meanwhile(
      main,
      `kill -9 ${pid}
umount /proc/${main}/cgroup
kill -9 ${main}
while [[ -e /proc/${pid} ]]; do :; done
until [[ -e /proc/${pid} ]]; do
  echo $((${pid} - 1)) >/proc/sys/kernel/ns_last_pid
  /run/batch-stranger 1000 </dev/null >/dev/null 2>&1 &
done`,
    );
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 78 } });
    expect(await namespace.ask(`cat /proc/${pid}/comm`)).toBe('batch-stranger\n');
    expect(await isAlive(pid)).toBe(true);
  });

  test('S15, S16: who became another program meanwhile is not even held, though it is the same process', async () => {
    const pid = await startScript(
      namespace,
      'batch-spawn',
      `${spread(80)}${READY}
while not os.path.exists('/run/go'): time.sleep(0.01)
os.execl('/srv/ledger', 'ledger')`,
    );
    await namespace.ask('{ head -n 1 /srv/batch-spawn; printf "%s" "$LEDGER"; } >/srv/ledger; chmod +x /srv/ledger', {
      LEDGER: `${NOTE_HELD}open('/run/changed', 'w').close()\n${WAIT}`,
    });
    await meanwhile(pid, ': >/run/go; until [[ -e /run/changed ]]; do :; done');
    expect(await repair()).toMatchObject({ counts: { stopped: 1, processesStopped: 79 } });
    expect(await namespace.ask(`cat /proc/${pid}/comm`)).toBe('ledger\n');
    expect(await stateOf(pid)).toMatch(/^S/);
    expect((await namespace.run('ls /run/went-on')).code).not.toBe(0);
  });
});

describe('S22: killed while it holds', () => {
  const held = async () => Number(await namespace.ask('ps -eo stat=,comm= | grep -c "^T.*batch-" || true'));
  const killed = async () => {
    await startMany('batch-task', 80);
    // the script does not go before who waits for it, which needs no process to kill it
    await namespace.ask(`mkdir -p /given/bin; printf '#!/bin/bash\n' >/given/bin/renice
      printf '#!/bin/bash\necho $$ >/run/script-pid\nexec "$@"\n' >/given/noted; chmod +x /given/bin/renice /given/noted`);
    const running = namespace.script('process-flood', 'repair', parameters, '/given/noted');
    await namespace.ask(`exec {rest}<> <(:); pause() { read -r -t 0.002 -u "$rest" || true; }
      until [[ -s /run/script-pid ]]; do pause; done; read -r pid </run/script-pid; PATH=/usr/bin renice -n -20 -p $$ >/dev/null
      held=(); until ((\${#held[@]} > 1)); do pause; [[ ! -e /run/self-healing/held ]] || mapfile -t held </run/self-healing/held; done
      kill -KILL "$pid"; rm /given/bin/renice`);
    expect(await running).toMatchObject({ code: -1, stdout: '' });
    expect(await held()).toBeGreaterThan(0);
  };

  test('S22: the undo has them go on, and the next attempt stops all', async () => {
    await killed();
    const count = await held();
    expect(readResult(await script('undo'))).toMatchObject({ result: 'changed', counts: { letGo: count } });
    expect([await held(), await countOf('batch-task')]).toEqual([0, 80]);
    expect(readResult(await script('undo'))).toMatchObject({ result: 'nothing-to-do' });
    expect(await repair()).toMatchObject({ counts: { processesStopped: 80 } });
  });

  test('S22: the next attempt has them go on where there is nothing to do any more', async () => {
    await killed();
    expect(await repair({ ThresholdCount: '1000' })).toMatchObject({ result: 'already-healthy' });
    expect([await held(), await countOf('batch-task')]).toEqual([0, 80]);
  });

  test('S16: who was given the pid of one that was held is not told to go on', async () => {
    const [pid = 0] = await startMany('ledger', 1);
    await namespace.ask(`mkdir -m 700 /run/self-healing; echo "${pid} 1" >/run/self-healing/held; kill -STOP ${pid}`);
    expect(readResult(await script('undo'))).toMatchObject({ result: 'nothing-to-do', counts: { letGo: 0 } });
    expect(await stateOf(pid)).toMatch(/^T/);
  });
});

test('S21: of two attempts at once one works and the other says busy', async () => {
  await startMany('batch-task', 80);
  await namespace.ask(`mkdir -p /given/bin; cat >/given/bin/renice <<'END'
#!/bin/bash
: >/run/looking; until [[ -e /run/go ]]; do sleep 0.05; done
END
    chmod +x /given/bin/renice`);
  const first = repair({ AttemptId: 'first' });
  await namespace.ask('until [[ -e /run/looking ]]; do sleep 0.05; done');
  expect(await repair({ AttemptId: 'second' })).toMatchObject({
    result: 'busy',
    summary: 'first is acting on this instance',
  });
  await namespace.ask(': >/run/go');
  expect((await first).result).toBe('changed');
});

test('where bash ended because it could start no process, the script begins anew', async () => {
  await startMany('batch-task', 80);
  await namespace.ask(`mkdir -p /given/bin; cat >/given/bin/mkdir <<'END'
#!/bin/bash
[[ "$*" != '-- /run/self-healing/work' || -e /run/failed ]] || { : >/run/failed; exit 254; }
exec /usr/bin/mkdir "$@"
END
    chmod +x /given/bin/mkdir`);
  const finished = await script('repair');
  expect(finished.stderr).toBe('no process could be started; the script begins anew\n');
  expect(readResult(finished)).toMatchObject({ result: 'changed', counts: { processesStopped: 80 } });
});

test('processes that cannot be read are unknown, and nothing is touched', async () => {
  await startMany('batch-task', 80);
  await namespace.ask('mount -t tmpfs tmpfs /proc');
  expect(await check()).toMatchObject({ code: 2, stdout: 'processes could not be read\n' });
  expect(await repair()).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
  await namespace.ask('umount /proc');
  expect(await countOf('batch-task')).toBe(80);
});

test('zombies count, and are left to their parents', async () => {
  await startScript(
    namespace,
    'batch-spawn',
    `import os, signal
for _ in range(70):
    if os.fork() == 0: os._exit(0)
${READY}\n${WAIT}`,
  );
  expect(left(await repair())).toEqual({ 'too few to be worth it': 1, 'zombies: their parents have to reap them': 70 });
});

describe('names', () => {
  test('of processes are read right, carried out by nobody, and shown harmlessly', async () => {
    const names = [
      'batch-a\n;b',
      'batch-) Z 1 (',
      'batch-\u001b[31m',
      'batch-"\\',
      'batch-$(>x)',
      'batch- 1 2',
      'batch-a[$(>x)]',
    ];
    for (const name of names) await startMany(name, 12);
    expect(await check()).toMatchObject({ code: 1, stderr: '' });
    const finished = await script('repair', { MaximumKills: '9' });
    const result = readResult(finished);
    expect(result.counts['processesStopped']).toBeGreaterThan(24);
    expect(JSON.stringify(result)).toMatch(/^[\x20-\x7e]*$/);
    expect(finished.stderr).toBe('');
    expect((await namespace.run('ls /x')).code).not.toBe(0);
  });

  test('S31: a secret in an argument or a name appears nowhere in what is said', async () => {
    await startMany('token=hunter2', 40);
    await namespace.ask(`cp /usr/bin/bash /run/batch-job
      for n in {1..40}; do setsid /run/batch-job -c 'while :; do read -r; done' --password=hunter2 <> <(:) >/dev/null 2>&1 & done`);
    await namespace.ask('until (($(pgrep -c batch-job) == 40)); do sleep 0.05; done');
    const seen = await check();
    const finished = await script('repair');
    expect(readResult(finished).counts).toMatchObject({ stopped: 1 });
    expect(seen.stdout + finished.stdout + finished.stderr).not.toContain('hunter2');
  });
});

test('S14: parameters that are not of their pattern are refused, and the check says unknown', async () => {
  await startMany('batch-task', 80);
  const refused: Record<string, string>[] = [
    { MinimumSharePercent: '100' },
    { SampleSeconds: '1; reboot' },
    { MaximumKills: 'all' },
    { TermWaitSeconds: '' },
    { Expendable: 'batch-*' },
    { Protected: 'command=a;$(id)' },
  ];
  for (const parameter of refused) {
    expect({ parameter, ...(await repair(parameter)) }).toMatchObject({
      parameter,
      result: 'refused',
      reason: 'bad-parameter',
    });
  }
  expect(await check({ ThresholdCount: '0' })).toMatchObject({
    code: 2,
    stdout: 'a parameter is not of its pattern\n',
  });
  expect(await repair({ ThresholdCount: '0' })).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
  expect(await countOf('batch-task')).toBe(80);
});
