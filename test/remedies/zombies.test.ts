import { startParent, startReaper, startScript } from './parents.ts';
import { check, fork, isAlive, left, namespace, parameters, READY, repair, zombiesOf } from './zombies.ts';

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
