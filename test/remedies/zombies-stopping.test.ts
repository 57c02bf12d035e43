import { startParent, startScript } from './parents.ts';
import { check, fork, isAlive, left, namespace, READY, repair, zombiesOf } from './zombies.ts';

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
