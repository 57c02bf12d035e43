import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { startParent, startReaper, startScript } from './parents.ts';

let namespace: Namespace;
const parameters = { SampleSeconds: '1', TermWaitSeconds: '1', Expendable: 'command=batch-*' };
const check = (more: Record<string, string> = {}) => namespace.script('zombies', 'check', { ...parameters, ...more });
const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('zombies', 'repair', { ...parameters, ...more }));
const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const isAlive = async (pid: number) => (await namespace.run(`grep -q '^State:[^Z]*$' /proc/${pid}/status`)).code === 0;
const zombiesOf = async (pid: number) => Number(await namespace.ask(`ps -o state= --ppid ${pid} | grep -c Z || true`));
/** Forks so many children that end at once. */
const fork = (count: number) => `for _ in range(${count}):
    if os.fork() == 0: os._exit(0)
`;
const READY = "open('/run/ready', 'w').close()\nwhile True: signal.pause()";

beforeEach(async () => {
  namespace = await startNamespace({ hurried: true });
});
afterEach(async () => namespace.close());

describe('what break.sh makes', () => {
  /** How many of the decoys are the processes that they were. */
  const spared = async () =>
    (
      await namespace.ask(`while read -r pid start name; do
        read -r -a stat </proc/$pid/stat; echo "$name $((stat[21] - start)) \${stat[2]/[RS]/alive}"
      done </run/sandbox-decoys-zombies`)
    ).trim();
  const ALL = ['batch-reap', 'busy-dispatch', 'ledger-keeper', 'sshd-session']
    .map((name) => `${name} 0 alive`)
    .join('\n');

  test('is found, healed and left alone, and the decoys are spared', async () => {
    expect(await check()).toMatchObject({ code: 0, stdout: 'zombies: 0, limit 10\n' });
    await namespace.script('zombies', 'break', {});
    await namespace.script('zombies', 'break', {});
    expect(await check()).toMatchObject({
      code: 1,
      stdout: 'zombies: 59, limit 10, most of batch-spawn: 40\n',
      stderr: '',
    });
    const result = await repair();
    expect(result).toMatchObject({
      result: 'changed',
      summary: 'zombies 59 -> 4; reaped when asked: 15, parents stopped: 1',
      counts: { asked: 1, reaped: 15, stopped: 1 },
      changes: [
        { what: 'reaped', comm: 'batch-reap', user: 'root', zombies: 15 },
        { what: 'terminated', comm: 'batch-spawn', user: 'root', zombies: 40 },
      ],
    });
    expect(left(result)).toEqual({
      'cannot reap: parent is not expendable': 2,
      'cannot reap: parent is protected': 2,
    });
    expect(result.evidence['parentsBefore']).toContainEqual(expect.stringMatching(/^\d+ batch-spawn root: 40$/));
    expect(await check()).toMatchObject({ code: 0 });
    expect(await repair()).toMatchObject({ result: 'already-healthy', changes: [] });
    expect(await spared()).toBe(ALL);
  });

  // it sleeps while it looks (in the check, then itself), after it asked, and after it stopped one: its n-th sleep kills it
  test.each([2, 4, 10])('S22: killed at its sleep number %i and run again, it ends well', async (place) => {
    // so that a decoy, which sleeps too, has its own
    await namespace.ask('rm /given/bin/sleep');
    await namespace.script('zombies', 'break', { SSM_Zombies: '30' });
    await namespace.ask(`cat >/given/bin/sleep <<'END'
#!/bin/bash
echo >>/run/sleeps; [[ $(wc -l </run/sleeps) != ${place} ]] || kill -9 $PPID
exec /usr/bin/sleep "0.\${1#0.}"
END
    chmod +x /given/bin/sleep`);
    expect(await namespace.script('zombies', 'repair', parameters)).toMatchObject({ code: -1, stdout: '' });
    expect(['changed', 'already-healthy']).toContain((await repair()).result);
    expect(await check()).toMatchObject({ code: 0 });
    expect(await spared()).toBe(ALL);
  });

  test('S21: of two attempts at once one works and the other says busy', async () => {
    await namespace.script('zombies', 'break', {});
    await namespace.ask(`cat >/given/bin/sleep <<'END'
#!/bin/bash
: >/run/looking; until [[ -e /run/go ]]; do /usr/bin/sleep 0.05; done
exec /usr/bin/sleep "$1"
END
    chmod +x /given/bin/sleep`);
    const first = repair({ AttemptId: 'first' });
    await namespace.ask('until [[ -e /run/looking ]]; do /usr/bin/sleep 0.05; done');
    expect(await repair({ AttemptId: 'second' })).toMatchObject({
      result: 'busy',
      summary: 'first is acting on this instance',
    });
    await namespace.ask(': >/run/go');
    expect((await first).result).toBe('changed');
  });
});

describe('what counts', () => {
  test('not the zombies of a parent that reaps in time, however many there are at each instant', async () => {
    await namespace.ask('rm /given/bin/sleep');
    const script = `import os, signal, time
open('/run/ready', 'w').close()
while True:
    ${fork(30).trim().replace('\n', '\n    ')}
    time.sleep(0.3)
    for _ in range(30): os.wait()
`;
    const parent = await startScript(namespace, 'batch-dispatch', script);
    await namespace.ask(`until (($(ps -o state= --ppid ${parent} | grep -c Z) >= 10)); do sleep 0.05; done`);
    expect(await check()).toMatchObject({ code: 0, stdout: 'zombies: 0, limit 10\n' });
  });

  test('not a process whose first thread has ended while another runs: it lives, and its parent is not to blame', async () => {
    const script = `import ctypes, os, platform, signal, threading
exit_thread = {'x86_64': 60, 'aarch64': 93}[platform.machine()]
for _ in range(12):
    if os.fork() == 0:
        threading.Thread(target=signal.pause).start()
        ctypes.CDLL(None).syscall(exit_thread, 0)
${READY}`;
    const parent = await startScript(namespace, 'batch-threads', script);
    await namespace.ask(`until (($(ps -o state= --ppid ${parent} | grep -c Z) == 12)); do sleep 0.05; done`);
    expect(await check()).toMatchObject({ code: 0, stdout: 'zombies: 0, limit 10\n' });
  });

  test('processes that cannot be read are unknown, and nothing is touched', async () => {
    const parent = await startParent(namespace, 'batch-spawn', 12);
    await namespace.ask('mount -t tmpfs tmpfs /proc');
    expect(await check()).toMatchObject({ code: 2, stdout: 'processes could not be read\n' });
    expect(await repair()).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
    await namespace.ask('umount /proc');
    expect(await zombiesOf(parent)).toBe(12);
  });
});

describe('S17: what cannot be reaped is said, with who its parent is, and is not touched', () => {
  test('S17: zombies of pid 1', async () => {
    const parent = await startParent(namespace, 'batch-spawn', 12);
    process.kill(namespace.initPid, 'SIGSTOP');
    await namespace.ask(`kill -9 ${parent}; while [[ -e /proc/${parent}/exe ]]; do sleep 0.05; done`);
    const result = await repair({ Expendable: 'command=*;user=root' });
    expect(result).toMatchObject({
      result: 'nothing-to-do',
      summary: 'zombies 13 -> 13; reaped when asked: 0, parents stopped: 0; cannot reap the rest',
      counts: { asked: 0 },
      changes: [],
      left: [{ why: 'cannot reap: parent is pid 1', count: 13 }],
    });
    expect(result.evidence['parentsAfter']).toEqual(['1 bash root: 13, cannot reap: parent is pid 1']);
    expect((await check()).code).toBe(1);
    process.kill(namespace.initPid, 'SIGCONT');
    expect(await isAlive(1)).toBe(true);
  });

  test('S17: zombies of pid 1 of a container: the whole container would end', async () => {
    await startParent(namespace, 'batch-init', 0);
    const unshare = Number(
      await namespace.ask(`setsid unshare --pid --fork bash -c 'for n in {1..12}; do sleep infinity & done; exec /run/parents/batch-init p' \\
        <>/run/silence >/dev/null 2>&1 & echo $!`),
    );
    const init = Number(
      await namespace.ask(`until init=$(pgrep -P ${unshare}) && [[ /proc/$init/exe -ef /run/parents/batch-init ]]; do sleep 0.05; done
        pkill -KILL -P $init; echo $init`),
    );
    const result = await repair();
    expect(result).toMatchObject({
      result: 'nothing-to-do',
      left: [{ why: 'cannot reap: parent is pid 1 of a container', count: 12 }],
    });
    expect(await isAlive(init)).toBe(true);
  });

  test('S15, S17: zombies of the agent, sshd, the container runtime and the protected list, though it would be enough to ask', async () => {
    const names = ['sshd', 'amazon-ssm-agent', 'ssm-document-worker', 'containerd-shim-runc-v2', 'batch-payroll'];
    const pids = [];
    for (const name of names) pids.push(await startReaper(namespace, name, 3));
    const result = await repair({ Expendable: 'command=*;user=root', Protected: 'command=batch-pay*' });
    expect(result).toMatchObject({ result: 'nothing-to-do', counts: { asked: 0 }, changes: [] });
    expect(left(result)).toEqual({ 'cannot reap: parent is protected': 15 });
    for (const pid of pids) expect([await isAlive(pid), await zombiesOf(pid)]).toEqual([true, 3]);
  });

  test('S17: zombies that a tracer holds: no parent could reap them', async () => {
    const script = `import ctypes, os, platform, signal
parent = os.getppid()
ptrace = {'x86_64': 101, 'aarch64': 117}[platform.machine()]
children = [os.fork() or signal.pause() for _ in range(12)]
if os.fork() == 0:
    os.setsid()
    for child in children: ctypes.CDLL(None).syscall(ptrace, 0x4206, child, 0, 0)
    for child in children: os.kill(child, signal.SIGKILL)
    ${READY.replace('\n', '\n    ')}
while True: signal.pause()`;
    const parent = await startScript(namespace, 'batch-traced', script);
    await namespace.ask(`until (($(ps -o state= --ppid ${parent} | grep -c Z) == 12)); do sleep 0.05; done`);
    const result = await repair();
    expect(result).toMatchObject({
      result: 'nothing-to-do',
      left: [{ why: 'cannot reap: a tracer holds them', count: 12 }],
    });
    expect(await isAlive(parent)).toBe(true);
  });
});

describe('asking', () => {
  test('is enough for a parent that reaps one child each time, and is no harm to one that nobody called expendable', async () => {
    const script = `import os, signal
signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGCHLD])
signal.signal(signal.SIGCHLD, lambda *_: os.wait())
pids = [os.fork() or os._exit(0) for _ in range(15)]
while any(open(f'/proc/{pid}/stat').read().rsplit(')', 1)[1].split()[0] != 'Z' for pid in pids): pass
signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGCHLD])
${READY}`;
    const parent = await startScript(namespace, 'ledger', script);
    const result = await repair();
    expect(result).toMatchObject({
      result: 'changed',
      counts: { asked: 1, stopped: 0 },
      changes: [{ what: 'reaped', pid: parent, comm: 'ledger' }],
    });
    expect(await check()).toMatchObject({ code: 0 });
    expect(await isAlive(parent)).toBe(true);
  });

  test('is all that one may do where nothing is expendable, and is not done to who takes no notice', async () => {
    const parent = await startParent(namespace, 'ledger', 12);
    const result = await repair({ Expendable: '' });
    expect(result).toMatchObject({ result: 'nothing-to-do', counts: { asked: 0, stopped: 0 }, changes: [] });
    expect(left(result)).toEqual({ 'cannot reap: parent is not expendable': 12 });
    expect([await isAlive(parent), await zombiesOf(parent)]).toEqual([true, 12]);
  });
});

describe('stopping', () => {
  test('S15: no more are stopped than are needed, none that has too few, and no more than the limit', async () => {
    const pids = [];
    for (const [name, count] of [
      ['batch-a', 30],
      ['batch-b', 20],
      ['batch-c', 8],
      ['batch-d', 1],
    ] as const) {
      pids.push(await startParent(namespace, name, count));
    }
    expect(left(await repair({ MaximumKills: '0' }))).toEqual({
      'cannot reap: limit of stopped parents': 58,
      'cannot reap: parent has too few of them': 1,
    });
    const limited = await repair({ MaximumKills: '1' });
    expect(limited.changes).toMatchObject([{ what: 'terminated', pid: pids[0], comm: 'batch-a', zombies: 30 }]);
    const result = await repair();
    expect(result).toMatchObject({ summary: 'zombies 29 -> 9; reaped when asked: 0, parents stopped: 1' });
    expect(left(result)).toEqual({ 'below the limit': 9 });
    for (const pid of pids.slice(2)) expect(await isAlive(pid)).toBe(true);
  });

  test('S16: what ignores TERM gets KILL after the wait', async () => {
    const parent = await startParent(namespace, 'batch-stubborn', 12, { setup: 'trap "" TERM;' });
    expect((await repair()).changes).toMatchObject([{ what: 'killed', pid: parent, comm: 'batch-stubborn' }]);
    expect(await isAlive(parent)).toBe(false);
  });

  test('S16: a parent that is younger than its zombies is a stranger who got the pid', async () => {
    const parent = await startParent(namespace, 'batch-spawn', 12);
    await namespace.ask(`read -r -a stat </proc/${parent}/stat; stat[21]=$((stat[21] + 100000))
      echo "\${stat[*]}" >/run/stat; mount --bind /run/stat /proc/${parent}/stat`);
    expect(left(await repair())).toEqual({ 'cannot reap: parent has just ended': 12 });
    await namespace.ask(`umount /proc/${parent}/stat`);
    expect(await isAlive(parent)).toBe(true);
  });

  test('S16: a stranger that was given the pid meanwhile is not signalled', async () => {
    const parent = await startParent(namespace, 'batch-spawn', 12);
    // The unit's main process is asked for between the decision and the signal: there the pid changes hands.
    await namespace.ask(`cp /usr/bin/sleep /run/parents/batch-stranger
    echo '0::/system.slice/batch.service' >/run/cgroup; mount --bind /run/cgroup /proc/${parent}/cgroup
    cat >/given/bin/systemctl <<'END'
#!/bin/bash
umount /proc/${parent}/cgroup
kill -9 ${parent}
while [[ -e /proc/${parent} ]]; do :; done
until [[ -e /proc/${parent} ]]; do
  echo $((${parent} - 1)) >/proc/sys/kernel/ns_last_pid
  /run/parents/batch-stranger 1000 </dev/null >/dev/null 2>&1 &
done
END
    chmod +x /given/bin/systemctl`);
    expect(await repair()).toMatchObject({ counts: { stopped: 0 }, changes: [] });
    expect(await namespace.ask(`cat /proc/${parent}/comm`)).toBe('batch-stranger\n');
    expect(await isAlive(parent)).toBe(true);
  });

  /** Puts processes into a unit, whose main process is the first, and has a systemctl that notes what it was asked. */
  const makeUnit = (...pids: number[]) =>
    namespace.ask(`echo '0::/batch.slice/nightly.service' >/run/cgroup
    for pid in ${pids.join(' ')}; do mount --bind /run/cgroup /proc/$pid/cgroup; done
    cat >/given/bin/systemctl <<'END'
#!/bin/bash
echo "$*" >>/run/asked
case $1 in
show) echo MainPID=${pids[0]} ;;
restart) kill -9 ${pids[0]} ;;
esac
END
    chmod +x /given/bin/systemctl`);

  test('a parent that is the main process of a unit is restarted through its manager; zombies in the unit are no bystanders', async () => {
    const parent = await startParent(namespace, 'batch-daemon', 12);
    const zombie = Number(await namespace.ask(`ps -o pid= --ppid ${parent} | head -n 1`));
    await makeUnit(parent, zombie);
    expect((await repair()).changes).toMatchObject([{ what: 'restarted', pid: parent, zombies: 12 }]);
    expect(await namespace.ask('cat /run/asked')).toBe('show -p MainPID nightly.service\nrestart nightly.service\n');
    expect((await check()).code).toBe(0);
  });

  test('S15: a unit is not restarted while it holds a process that nobody called expendable', async () => {
    const parent = await startParent(namespace, 'batch-daemon', 12);
    const ledger = await startParent(namespace, 'ledger', 0);
    await makeUnit(parent, ledger);
    expect(left(await repair())).toEqual({
      'cannot reap: parent: its unit holds processes that are not expendable': 12,
    });
    expect(await namespace.ask('cat /run/asked')).toBe('show -p MainPID nightly.service\n');
    for (const pid of [parent, ledger]) expect(await isAlive(pid)).toBe(true);
  });

  test('of nested parents with hundreds of zombies each, those are stopped that have them; the one above lives on', async () => {
    const script = `import os, signal
for _ in range(3):
    if os.fork() == 0:
        ${fork(200).trim().replace('\n', '\n        ')}
        while True: signal.pause()
${READY}`;
    const outer = await startScript(namespace, 'batch-tree', script);
    await namespace.ask('until (($(ps -e -o state= | grep -c Z) == 600)); do sleep 0.1; done');
    const result = await repair();
    expect(result).toMatchObject({
      summary: 'zombies 600 -> 3; reaped when asked: 0, parents stopped: 3',
      counts: { stopped: 3 },
    });
    expect(await isAlive(outer)).toBe(true);
    expect((await check()).stdout).toBe('zombies: 3, limit 10, most of batch-tree: 3\n');
  });
});

describe('names', () => {
  test('of parents and zombies are read right, whatever they are, and shown harmlessly', async () => {
    const bystander = await startParent(namespace, ') Z 1 1 1', 0);
    const pids = [];
    for (const name of ['batch-a\n;b', 'batch-) Z 1 (', 'batch-\u001b[31m', 'batch-"\\', 'batch-$(id)', 'batch- 1 2']) {
      pids.push(await startParent(namespace, name, 12, { child: ') S 1 (' }));
    }
    expect(await check()).toMatchObject({
      code: 1,
      stdout: 'zombies: 72, limit 10, most of batch-a__b: 12\n',
      stderr: '',
    });
    const result = await repair({ MaximumKills: '9' });
    expect(result.changes).toMatchObject(pids.map((pid) => ({ what: 'terminated', pid, zombies: 12 })));
    expect(JSON.stringify(result)).toMatch(/^[\x20-\x7e]*$/);
    expect(await isAlive(bystander)).toBe(true);
  });

  test('S31: a secret in an argument or a name appears nowhere in what is said', async () => {
    const READ_FOREVER = '/run/silence --quiet --expression=p --expression=#password=hunter2';
    await startParent(namespace, 'token=hunter2', 12);
    await namespace.ask('cp /usr/bin/sed /run/parents/batch-spawn');
    const pid = await namespace.ask(`setsid bash -c 'for n in {1..12}; do sleep infinity & done
      exec /run/parents/batch-spawn ${READ_FOREVER}' <>/run/silence >/dev/null 2>&1 & echo $!`);
    await namespace.ask(
      `until [[ /proc/${pid.trim()}/exe -ef /run/parents/batch-spawn ]]; do sleep 0.05; done; pkill -KILL -P ${pid}`,
    );
    expect(await namespace.ask(`tr '\\0' ' ' </proc/${pid.trim()}/cmdline`)).toContain('hunter2');
    const seen = await check();
    const { stdout, stderr } = await namespace.script('zombies', 'repair', { ...parameters, ThresholdCount: '20' });
    expect(JSON.parse(stdout)).toMatchObject({ counts: { stopped: 1 }, left: [{ count: 12 }] });
    expect(seen.stdout + stdout + stderr).not.toContain('hunter2');
  });
});

test('S14: parameters that are not of their pattern are refused, and the check says unknown', async () => {
  await startParent(namespace, 'batch-spawn', 12);
  const refused: Record<string, string>[] = [
    { MinimumSharePercent: '100' },
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
  const unreadable: Record<string, string>[] = [{ ThresholdCount: '0' }, { SampleSeconds: '1; reboot' }];
  for (const parameter of unreadable) {
    expect(await check(parameter)).toMatchObject({ code: 2, stdout: 'a parameter is not of its pattern\n' });
    expect(await repair(parameter)).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
  }
});
