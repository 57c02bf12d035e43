import { startHolder } from './holders.ts';
import { bringSystemd, makeUnit } from './services.ts';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
const parameters = { TermWaitSeconds: '1', Expendable: 'command=batch-*' };
const check = (more: Record<string, string> = {}) =>
  namespace.script('memory-pressure', 'check', { ...parameters, ...more });
const repair = async (more: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('memory-pressure', 'repair', { ...parameters, ...more }));
const left = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const hold = (name: string, mebibytes: number, more: Parameters<typeof startHolder>[3] = {}) =>
  startHolder(namespace, name, mebibytes, more);
const isAlive = async (pid: number) => (await namespace.run(`grep -q '^State:[^Z]*$' /proc/${pid}/status`)).code === 0;
/** Waits until /proc/meminfo says that at least so many MiB are not available. */
const used = (mebibytes: number) =>
  namespace.ask(`until awk '$1 == "MemTotal:" { total = $2 } $1 == "MemAvailable:" { exit total - $2 < ${mebibytes} * 1024 }' \\
    /proc/meminfo; do sleep 0.05; done`);
/** A command that stands before the system's own. */
const standIn = (name: string, script: string) =>
  namespace.ask(`mkdir -p /given/bin; cat >/given/bin/${name} <<'END'
#!/bin/bash
${script}
END
    chmod +x /given/bin/${name}`);

beforeEach(async () => {
  namespace = await startNamespace({ memoryMiB: 100 });
});
afterEach(async () => namespace.close());

describe('what break.sh makes', () => {
  /** How many of the decoys are the processes that they were. */
  const spared = async () =>
    (
      await namespace.ask(`while read -r pid start name; do
        read -r -a stat </proc/$pid/stat; echo "$name $((stat[21] - start)) \${stat[2]/[RSD]/alive}"
      done </run/sandbox-decoys-memory-pressure`)
    ).trim();
  const ALL = ['ledger-store', 'busy-teller', 'batch-nap'].map((name) => `${name} 0 alive`).join('\n');

  test('is found, healed and left alone, and the decoys are spared', async () => {
    expect(await check()).toMatchObject({ code: 0, stderr: '' });
    await namespace.script('memory-pressure', 'break', {});
    await namespace.script('memory-pressure', 'break', {});
    await used(96);
    const broken = await check();
    expect(broken).toMatchObject({ code: 1, stderr: '' });
    expect(broken.stdout).toMatch(/^memory \d+\.\d % used, limit 95 %, top batch-hoard 8\d MiB\n$/);
    const result = await repair();
    expect(result).toMatchObject({ result: 'changed', counts: { cachesDropped: 0, stopped: 1 } });
    expect(result.changes).toEqual([
      {
        what: 'terminated',
        pid: expect.any(Number),
        comm: 'batch-hoard',
        user: 'root',
        mebibytes: expect.any(Number),
      },
    ]);
    expect(result.summary).toMatch(
      /^memory \d+\.\d % -> 1\d\.\d % used; caches dropped: 0, services restarted: 0, processes stopped: 1$/,
    );
    expect(Number(result.bytesFreed)).toBeGreaterThan(70 * 1024 * 1024);
    expect(result.evidence['topBefore']?.slice(0, 2)).toEqual([
      expect.stringMatching(/^\d+ batch-hoard root 8\d MiB$/),
      expect.stringMatching(/^\d+ ledger-store root 1\d MiB$/),
    ]);
    expect(result.evidence['caches']).toMatch(/^not dropped: that would give back \d MiB at most$/);
    expect((await check()).code).toBe(0);
    expect(await repair()).toMatchObject({ result: 'already-healthy', changes: [] });
    expect(await spared()).toBe(ALL);
  });

  test.each([
    ['before it did anything', 'df', ''],
    ['while it waits for the end of what it stopped', 'sleep', ''],
    ['after it stopped something', 'sort', 'pgrep -x batch-hoard'],
  ])('S22: killed %s and run again, it ends well', async (_, name, unless) => {
    await namespace.script('memory-pressure', 'break', {});
    await used(96);
    await standIn(
      name,
      `[[ -e /run/killed ]] || ${unless || 'false'} >/dev/null || { : >/run/killed; pkill -KILL -f memory-pressure-repair.sh; }
exec /usr/bin/${name} "$@"`,
    );
    expect(await namespace.script('memory-pressure', 'repair', parameters)).toMatchObject({ code: -1, stdout: '' });
    // what ended at the kill is counted no more in the stand-in, which lags a little
    await namespace.ask(
      `for n in 1 2; do : >/run/now; until [[ /run/views/next -nt /run/now ]]; do sleep 0.05; done; done`,
    );
    expect(['changed', 'already-healthy']).toContain((await repair()).result);
    expect((await check()).code).toBe(0);
    expect(await spared()).toBe(ALL);
  });

  test('S21: of two attempts at once one works and the other says busy', async () => {
    await namespace.script('memory-pressure', 'break', {});
    await used(96);
    await standIn('getent', ': >/run/looking; until [[ -e /run/go ]]; do sleep 0.05; done\nexec /usr/bin/getent "$@"');
    const first = repair({ AttemptId: 'first' });
    await namespace.ask('until [[ -e /run/looking ]]; do sleep 0.05; done');
    expect(await repair({ AttemptId: 'second' })).toMatchObject({
      result: 'busy',
      summary: 'first is acting on this instance',
    });
    await namespace.ask(': >/run/go');
    expect((await first).result).toBe('changed');
  });

  test('is not made where it would take more than it may', async () => {
    expect(await namespace.script('memory-pressure', 'break', { MaximumMebibytes: '20' })).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^the fault would need 8\d MiB, at most 20 are taken \(SSM_MaximumMebibytes\)\n$/),
    });
    expect((await namespace.ask('pgrep batch- || true')).trim()).toBe('');
  });
});

describe('reading', () => {
  test('memory that cannot be read is unknown, and nothing is touched', async () => {
    const hog = await hold('batch-hoard', 96);
    await namespace.ask(': >/run/nothing; mount --bind /run/nothing /proc/meminfo');
    expect(await check()).toMatchObject({ code: 2, stdout: 'memory could not be read\n' });
    expect(await repair()).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
    expect(await isAlive(hog)).toBe(true);
  });

  test('S19: what is below the threshold, or has become so, is left alone', async () => {
    const hog = await hold('batch-hoard', 80);
    await used(80);
    expect(await repair()).toMatchObject({ result: 'already-healthy', changes: [] });
    // once the check has read the memory, it comes back
    await namespace.ask(`sed 's/^MemAvailable: .*/MemAvailable: 1024 kB/' /run/views/meminfo >/run/short
      mount --bind /run/short /proc/meminfo`);
    await standIn('sort', 'umount /proc/meminfo 2>/dev/null; exec /usr/bin/sort "$@"');
    const result = await repair();
    expect(result).toMatchObject({ result: 'already-healthy', changes: [] });
    expect(result.evidence['symptom']).toMatch(/^memory 9\d\.\d % used/);
    expect(await isAlive(hog)).toBe(true);
  });

  test('swap is told, and does not count as memory that a stop gives back', async () => {
    const hog = await hold('batch-hoard', 96);
    await namespace.ask(`printf 'SwapTotal: 204800 kB\\nSwapFree: 102400 kB\\n' >/run/views/more
      sed 's/^VmSwap:.*/VmSwap: 51200 kB/; s/^RssAnon:.*/RssAnon: 100 kB/' /proc/${hog}/status >/run/status
      sed 's/^Pss_Anon:.*/Pss_Anon: 100 kB/' /proc/${hog}/smaps_rollup >/run/smaps_rollup
      printf 'AnonPages: 98304 kB\\nMemFree: 2048 kB\\nMemAvailable: 2048 kB\\n' >>/run/views/more
      for file in status smaps_rollup; do mount --bind /run/$file /proc/${hog}/$file; done`);
    await namespace.ask('until grep -q SwapTotal /proc/meminfo; do sleep 0.05; done');
    expect((await check()).stdout).toMatch(/^memory 98\.0 % used, limit 95 %, swap 50 %, top /);
    const result = await repair();
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
    expect(result.evidence['memoryBefore']).toMatch(/; swap 100 of 200 MiB used$/);
    expect(result.evidence['topBefore']).toContainEqual(`${hog} batch-hoard root 0 MiB, in swap 50 MiB`);
    expect(await isAlive(hog)).toBe(true);
  });

  test('shared memory counts as used, is told with the file systems that hold it, and is not deleted', async () => {
    const hog = await hold('ledger', 50);
    await namespace.ask('head -c 48M /dev/zero >/dev/shm/segment');
    await used(96);
    expect((await check()).code).toBe(1);
    const result = await repair();
    expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
    expect(left(result)).toMatchObject({ 'not-expendable': 1 });
    expect(result.evidence['memoryBefore']).toContain('shared 48,');
    expect(result.evidence['fileSystemsBefore']).toContain('/dev/shm: 48 MiB');
    expect(await namespace.ask('stat -c %s /dev/shm/segment')).toBe(`${48 * 1024 * 1024}\n`);
    expect(await isAlive(hog)).toBe(true);
  });
});

describe('caches', () => {
  const asked = () => namespace.ask('cat /run/drop_caches');
  const short = { ThresholdPercent: '78', TargetPercent: '74' };

  test('are dropped where that gives back a share of what is missing, before anything is stopped, and it is said how much', async () => {
    const hog = await hold('batch-hoard', 74);
    await namespace.ask('echo 20 >/run/views/cached');
    await used(78.5);
    const result = await repair(short);
    expect(await asked()).toBe('3');
    expect(result).toMatchObject({
      result: 'changed',
      counts: { cachesDropped: 1, stopped: 0 },
      changes: [{ what: 'caches dropped', mebibytes: expect.any(Number) }],
    });
    expect(result.evidence['caches']).toMatch(/^dropped: expected 4 MiB, gave back [45] MiB$/);
    expect(await isAlive(hog)).toBe(true);
    expect((await check(short)).code).toBe(0);
  });

  test('are not dropped where that gives back less: what is in them counts as available already', async () => {
    const hog = await hold('batch-hoard', 73);
    await namespace.ask('echo 2 >/run/views/cached');
    await used(75);
    const result = await repair({ ThresholdPercent: '75', TargetPercent: '20' });
    expect(await asked()).toBe('');
    expect(result).toMatchObject({ counts: { cachesDropped: 0, stopped: 1 } });
    expect(result.evidence['caches']).toMatch(/^not dropped: that would give back [01] MiB at most$/);
    expect(await isAlive(hog)).toBe(false);
  });
});

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

describe('names', () => {
  test('are read right, whatever they are, and shown harmlessly', async () => {
    const names = ['batch-a\n;b', 'batch-) Z 1 (', 'batch-\u001b[31m', 'batch-"\\', 'batch-$(id)', 'batch- 1 2'];
    const pids = [];
    for (const name of names) pids.push(await hold(name, 16));
    await used(96);
    const seen = await check();
    expect(seen).toMatchObject({ code: 1, stderr: '' });
    expect(seen.stdout).toMatch(/^[\x20-\x7e]*\n$/);
    const result = await repair({ ThresholdPercent: '5', TargetPercent: '1', MaximumKills: '9' });
    expect(result.changes.map(({ pid }) => Number(pid)).toSorted((a, b) => a - b)).toEqual(pids);
    expect(JSON.stringify(result)).toMatch(/^[\x20-\x7e]*$/);
  });

  test('S31: a secret in an argument, an environment or a name appears nowhere in what is said', async () => {
    await hold('token=hunter2', 57);
    await hold('batch-hoard', 40, { run: 'env DATABASE_PASSWORD=hunter2', setup: ': --password=hunter2;' });
    await namespace.ask(
      'mkdir "/dev/shm/x"; mkdir "/run/secret=hunter2"; mount -t tmpfs tmpfs "/run/secret=hunter2"; head -c 2M /dev/zero >"/run/secret=hunter2/file"',
    );
    await used(96);
    const seen = await check();
    const { stdout, stderr } = await namespace.script('memory-pressure', 'repair', parameters);
    expect(JSON.parse(stdout)).toMatchObject({ counts: { stopped: 1 } });
    expect(seen.stdout + stdout + stderr).not.toContain('hunter2');
  });
});

test('S14: parameters that are not of their pattern are refused, and the check says unknown', async () => {
  const hog = await hold('batch-hoard', 96);
  await used(96);
  const refused: Record<string, string>[] = [
    { MinimumSharePercent: '100' },
    { TargetPercent: '0' },
    { TargetPercent: '95' },
    { MaximumKills: 'all' },
    { MaximumRestarts: 'all' },
    { Services: 'orders.service' },
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
  expect(await check({ ThresholdPercent: '95; reboot' })).toMatchObject({
    code: 2,
    stdout: 'a parameter is not of its pattern\n',
  });
  expect(await isAlive(hog)).toBe(true);
});
