import { readResult } from './namespace.ts';
import { startScript } from './parents.ts';
import {
  ALL,
  check,
  countOf,
  isAlive,
  left,
  namespace,
  NOTE_HELD,
  READY,
  repair,
  script,
  spared,
  spread,
  startMany,
  WAIT,
} from './process-flood.ts';

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
