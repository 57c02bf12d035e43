import { check, hold, isAlive, left, namespace, parameters, repair, standIn, used } from './memory-pressure.ts';

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
