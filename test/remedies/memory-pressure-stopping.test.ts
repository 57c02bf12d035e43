import { bringSystemd, makeUnit } from './services.ts';
import { check, hold, isAlive, left, namespace, repair, standIn, used } from './memory-pressure.ts';

describe('stopping', () => {
  test('S15: what nobody called expendable is not signalled', async () => {
    const hog = await hold('ledger', 96);
    await used(96);
    const result = await repair({ Expendable: '' });
    expect(result).toMatchObject({
      result: 'nothing-to-do',
      summary: expect.stringMatching(/: nothing was found that may be stopped and would give back enough$/),
      counts: { stopped: 0 },
      changes: [],
    });
    expect(left(result)['not-expendable']).toBeGreaterThanOrEqual(1);
    expect(await isAlive(hog)).toBe(true);
    expect((await check()).code).toBe(1);
  });

  test('S15: pid 1, the script itself, the agent, sshd, the container runtime and the protected list are never touched', async () => {
    const spared = ['sshd', 'amazon-ssm-agent', 'ssm-document-worker', 'containerd-shim-runc-v2', 'batch-payroll'];
    const pids = [];
    for (const name of spared) pids.push(await hold(name, 20));
    await used(96);
    const result = await repair({
      Expendable: 'command=*;user=root',
      Protected: 'command=batch-pay*;command=feed-*',
      MinimumSharePercent: '1',
      MaximumKills: '9',
    });
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
    // and pid 1, the feeder, the script and what it was started by
    expect(left(result)).toEqual({ protected: expect.any(Number) });
    expect(left(result)['protected']).toBeGreaterThanOrEqual(8);
    for (const pid of [1, ...pids]) expect(await isAlive(pid)).toBe(true);
  });

  test('S15: a kernel thread is never signalled, whatever it seems to hold', async () => {
    const hog = await hold('batch-hoard', 96);
    await used(96);
    // PF_KTHREAD, by which the kernel tells its threads
    await namespace.ask(`read -r -a stat </proc/${hog}/stat; stat[8]=$((0x200000)); echo "\${stat[*]}" >/run/stat
      mount --bind /run/stat /proc/${hog}/stat`);
    expect(await repair()).toMatchObject({ changes: [], counts: { stopped: 0 } });
    await namespace.ask(`umount /proc/${hog}/stat`);
    expect(await isAlive(hog)).toBe(true);
  });

  test('S15: what its owner exempted from the kernel, and pid 1 of a container, are not stopped', async () => {
    const exempt = await hold('batch-store', 48);
    // as systemd sets it for OOMScoreAdjust=-1000; not everybody who runs tests may
    await namespace.ask(`echo -1000 >/run/score; mount --bind /run/score /proc/${exempt}/oom_score_adj`);
    await hold('batch-init', 0);
    const unshare = Number(
      await namespace.ask(`setsid unshare --pid --fork /run/holders/batch-init -c 'exec {rest}<> <(:); printf -v part "%*s" 1048576 ""
        for ((n = 0; n < 48; n++)); do held+=("$part"); done; : >/run/ready; read -r -u $rest' \\
        </dev/null >/dev/null 2>&1 & until [[ -e /run/ready ]]; do sleep 0.05; done; echo $!`),
    );
    await used(96);
    const result = await repair();
    expect(result).toMatchObject({ changes: [], counts: { stopped: 0 } });
    expect(left(result)).toMatchObject({
      'exempt from the OOM killer': 1,
      "pid 1 of a container: its runtime's affair": 1,
    });
    for (const pid of [exempt, unshare]) expect(await isAlive(pid)).toBe(true);
  });

  test('S15: many small ones are spared, for none gives back its share, and are told together', async () => {
    const ledger = await hold('ledger', 50);
    await namespace.ask(`cp /usr/bin/bash /run/holders/batch-small
      for n in {1..9}; do
        setsid /run/holders/batch-small -c 'exec {rest}<> <(:); printf -v part "%*s" 4718592 ""; : >/run/small-$$; read -r -u $rest' \\
          </dev/null >/dev/null 2>&1 &
      done; until [[ $(ls /run | grep -c small-) == 9 ]]; do sleep 0.05; done`);
    await used(88);
    const result = await repair({ ThresholdPercent: '85', TargetPercent: '40' });
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
    expect(left(result)).toEqual({ 'not-expendable': 1, 'below-share': 9 });
    expect(result.evidence['namesBefore']?.[0]).toMatch(/^batch-small, 9 of them: 4\d MiB$/);
    expect(await namespace.ask('pgrep -c batch-small')).toBe('9\n');
    expect(await isAlive(ledger)).toBe(true);
  });

  test('S15: what forks share is not counted for each of them', async () => {
    const parent = await hold('batch-forks', 30, {
      afterwards:
        'for n in 1 2 3 4; do (exec {rest}<> <(:); : >/run/fork-$BASHPID; read -r -u $rest) & done; until [[ $(ls /run | grep -c fork-) == 4 ]]; do :; done',
    });
    await used(99);
    // a share of 10 MiB, of which each of the five has 6
    const result = await repair({ ThresholdPercent: '95', TargetPercent: '60', MinimumSharePercent: '25' });
    expect(result).toMatchObject({ counts: { stopped: 0 } });
    expect(left(result)).toEqual({ 'below-share': expect.any(Number) });
    expect(result.evidence['topBefore']).toContainEqual(expect.stringMatching(/^\d+ batch-forks root [67] MiB$/));
    expect(await isAlive(parent)).toBe(true);
  });

  test('S15: what forks share is not counted for each of them, however many there are', async () => {
    const pool = await hold('batch-pool', 30, {
      afterwards:
        'for n in {1..40}; do (exec {rest}<> <(:); : >/run/fork-$BASHPID; read -r -u $rest) & done; until [[ $(ls /run | grep -c fork-) == 40 ]]; do :; done',
    });
    const hog = await hold('batch-leak', 20);
    await used(99);
    const result = await repair({ MaximumKills: '1' });
    expect(result.changes).toMatchObject([{ what: 'terminated', pid: hog, comm: 'batch-leak', mebibytes: 20 }]);
    expect(await isAlive(pool)).toBe(true);
    expect(await namespace.ask('pgrep -c batch-pool')).toBe('41\n');
  });

  test('S15: who holds most is stopped first, memory is read again after each, and no more are stopped than needed', async () => {
    const small = await hold('batch-small', 20);
    const large = await hold('batch-large', 44);
    const ledger = await hold('ledger', 34);
    await used(97);
    const result = await repair();
    expect(result.changes).toMatchObject([{ what: 'terminated', pid: large, comm: 'batch-large', mebibytes: 44 }]);
    expect([await isAlive(small), await isAlive(large), await isAlive(ledger)]).toEqual([true, false, true]);
  });

  test('S15: no more are stopped than MaximumKills', async () => {
    const hogs = [await hold('batch-a', 32), await hold('batch-b', 32), await hold('batch-c', 32)];
    await used(97);
    const short = { ThresholdPercent: '50', TargetPercent: '40' };
    const limited = await repair({ ...short, MaximumKills: '1' });
    expect(limited.counts).toMatchObject({ stopped: 1 });
    expect(left(limited)).toMatchObject({ limit: 2 });
    expect((await Promise.all(hogs.map(isAlive))).filter((alive) => alive)).toHaveLength(2);
  });

  test('S16: what ignores TERM gets KILL after the wait', async () => {
    const hog = await hold('batch-stubborn', 96, { setup: 'trap "" TERM;' });
    await used(96);
    expect((await repair()).changes).toMatchObject([{ what: 'killed', pid: hog, comm: 'batch-stubborn' }]);
    expect(await isAlive(hog)).toBe(false);
  });

  test('S16: a stranger that was given the pid meanwhile is not signalled', async () => {
    const hog = await hold('batch-hoard', 96);
    await used(96);
    // The unit's main process is asked for between the decision and the signal: there the pid changes hands.
    await namespace.ask(`cp /usr/bin/sleep /run/holders/batch-stranger
    echo '0::/system.slice/batch.service' >/run/cgroup; mount --bind /run/cgroup /proc/${hog}/cgroup`);
    await standIn(
      'systemctl',
      `umount /proc/${hog}/cgroup
kill -9 ${hog}
while [[ -e /proc/${hog} ]]; do :; done
until [[ -e /proc/${hog} ]]; do
  echo $((${hog} - 1)) >/proc/sys/kernel/ns_last_pid
  /run/holders/batch-stranger 1000 </dev/null >/dev/null 2>&1 &
done`,
    );
    expect(await repair()).toMatchObject({ counts: { stopped: 0 } });
    expect(await namespace.ask(`cat /proc/${hog}/comm`)).toBe('batch-stranger\n');
    expect(await isAlive(hog)).toBe(true);
  });
});

describe('restarting', () => {
  /** A unit that holds so much, once started anew only 2 MiB; by a start of its own it leaks. Its main process. */
  const leaking = async (name: string, mebibytes: number): Promise<number> => {
    const script = `exec {rest}<> <(:); printf -v part '%*s' 262144 ''; held=() anonymous=0 most=2
      if [[ ! -e /run/leaked-${name} ]]; then most=${mebibytes}; fi
      while ((anonymous < most * 1024)); do
        held+=("$part")
        while read -r key value _; do [[ $key != RssAnon: ]] || anonymous=$value; done </proc/self/status
      done
      : >/run/leaked-${name}; while :; do read -r -t 1 -u "$rest" || :; done`;
    await makeUnit(namespace, name, script);
    await namespace.ask(`systemctl start ${name}; until [[ -e /run/leaked-${name} ]]; do sleep 0.05; done`);
    return mainPid(name);
  };
  const mainPid = async (name: string) => Number(await namespace.ask(`systemctl show --value -p MainPID ${name}`));
  beforeEach(() => bringSystemd(namespace));

  test('a service beyond its limit is restarted before anything is stopped, the one furthest beyond it first, no more than needed', async () => {
    const orders = await leaking('orders', 50);
    const mail = await leaking('mail', 20);
    const hog = await hold('batch-hoard', 26);
    await used(96);
    const result = await repair({
      Services: 'unit=mail.service,memory=10;unit=orders.service,memory=10;unit=idle.service,memory=1',
    });
    expect(result).toMatchObject({ result: 'changed', counts: { restarted: 1, stopped: 0 } });
    expect(result.changes).toEqual([{ what: 'restarted', unit: 'orders.service', mebibytes: 50 }]);
    expect(result.summary).toMatch(/; caches dropped: 0, services restarted: 1, processes stopped: 0$/);
    expect(result.evidence['servicesBefore']).toEqual(
      expect.arrayContaining(['orders.service 50 MiB, limit 10 MiB', 'mail.service 20 MiB, limit 10 MiB']),
    );
    expect(await isAlive(orders)).toBe(false);
    expect(await isAlive(await mainPid('orders'))).toBe(true);
    expect([await isAlive(mail), await isAlive(hog)]).toEqual([true, true]);
    expect((await check()).code).toBe(0);
  });

  test('where services are not enough, what is expendable is stopped after them', async () => {
    const orders = await leaking('orders', 20);
    const ledger = await hold('ledger', 40);
    const hog = await hold('batch-hoard', 36);
    await used(96);
    const result = await repair({
      ThresholdPercent: '60',
      TargetPercent: '55',
      Services: 'unit=orders.service,memory=5',
    });
    expect(result.changes.map(({ what, unit, comm }) => [what, unit ?? comm])).toEqual([
      ['restarted', 'orders.service'],
      ['terminated', 'batch-hoard'],
    ]);
    expect([await isAlive(orders), await isAlive(hog), await isAlive(ledger)]).toEqual([false, false, true]);
  });

  test('S15: not a service within its limit, below its share, without a limit, protected, or that nobody named', async () => {
    const within = await leaking('within', 20);
    const barely = await leaking('barely', 20);
    const unlimited = await leaking('unlimited', 15);
    const payroll = await leaking('payroll', 20);
    const unnamed = await leaking('unnamed', 20);
    await used(92);
    const result = await repair({
      ThresholdPercent: '92',
      TargetPercent: '60',
      Services:
        'unit=within.service,memory=30;unit=barely.service,memory=19;unit=unlimited.service;unit=payroll.service,memory=5',
      Protected: 'command=payroll',
    });
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [], counts: { restarted: 0, stopped: 0 } });
    expect(left(result)).toMatchObject({ 'service protected': 1, 'service below-share': 1 });
    for (const pid of [within, barely, unlimited, payroll, unnamed]) expect(await isAlive(pid)).toBe(true);
  });

  test('S15: a service is not restarted more often than MaximumRestarts within an hour, and not at all where that is 0', async () => {
    const orders = await leaking('orders', 92);
    await used(93);
    const short = { ThresholdPercent: '90', TargetPercent: '80', Services: 'unit=orders.service,memory=5' };
    expect(left(await repair({ ...short, MaximumRestarts: '0' }))).toMatchObject({ 'service limit': 1 });
    await namespace.ask(
      'mkdir -p /run/self-healing/restarts; for n in 1 2; do echo "$(date +%s) before"; done >/run/self-healing/restarts/orders.service',
    );
    expect(left(await repair(short))).toMatchObject({ 'service restarted too often': 1 });
    expect(await isAlive(orders)).toBe(true);
  });

  test('S15: by its control group, files and shared memory are no growth: a restart would not give them back', async () => {
    const cached = await leaking('cached', 2);
    const grown = await leaking('grown', 2);
    await hold('ledger', 95);
    await used(96);
    const account = (name: string, files: number) => `mkdir -p /sys/fs/cgroup/system.slice/${name}.service
      echo '0::/system.slice/${name}.service' >/run/cgroup-${name}; echo ${64 * 1024 * 1024} >/sys/fs/cgroup/system.slice/${name}.service/memory.current
      printf 'anon 1\nfile %d\nslab_reclaimable 0\n' ${files * 1024 * 1024} >/sys/fs/cgroup/system.slice/${name}.service/memory.stat
      mount --bind /run/cgroup-${name} /proc/$(systemctl show --value -p MainPID ${name})/cgroup`;
    await namespace.ask(`${account('cached', 60)}\n${account('grown', 1)}`.replaceAll('\\n', '\n'));
    const result = await repair({ Services: 'unit=cached.service,memory=8;unit=grown.service,memory=8' });
    expect(result.changes).toEqual([{ what: 'restarted', unit: 'grown.service', mebibytes: 63 }]);
    expect([await isAlive(cached), await isAlive(grown)]).toEqual([true, false]);
  });

  test('a service that does not come back is told', async () => {
    await leaking('orders', 92);
    await used(93);
    await namespace.ask(
      `printf '[Service]\\nExecStart=/srv/bin/orders /srv/bin/orders.sh\\nStartLimitBurst=0\\n' >/etc/sandbox-units/orders.service`,
    );
    const result = await repair({
      ThresholdPercent: '90',
      TargetPercent: '80',
      Services: 'unit=orders.service,memory=5',
    });
    expect(result).toMatchObject({ result: 'changed', changes: [{ what: 'restart-failed', unit: 'orders.service' }] });
    expect(result.summary).toMatch(/; did not come back: orders\.service$/);
  });
});
