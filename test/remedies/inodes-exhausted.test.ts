import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { pathsIn } from './listed-paths.ts';
import { type Finished, type Namespace, type Result, readResult, startNamespace, startProgram } from './namespace.ts';

let namespace: Namespace;
const data = {
  MountPath: '/data',
  ThresholdPercent: '1',
  StopAtPercent: '1',
  AgeBy: 'modification',
  CleanableFolders: '/data/cache',
  EmptyFolders: 'all',
};
const check = (MountPath: string, ThresholdPercent = '90'): Promise<Finished> =>
  namespace.script('inodes-exhausted', 'check', { MountPath, ThresholdPercent });
const repair = async (parameters: Record<string, string>): Promise<Result> =>
  readResult(await namespace.script('inodes-exhausted', 'repair', parameters));
const measured = async () => {
  const { code, stdout } = await namespace.run('bash /given/remedies/inodes-exhausted/measure.sh');
  return { code, lines: stdout.trim().split('\n') };
};
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const paths = async (folder: string) => (await namespace.ask(`find ${folder} -print0`)).split('\0').slice(0, -1).sort();
/** Puts a program before the one of the same name on PATH. */
const standIn = (name: string, bash: string) =>
  namespace.ask(
    `mkdir -p /given/bin; printf '%s\\n' '#!/bin/bash' "$BASH_TEXT" >/given/bin/${name}; chmod +x /given/bin/${name}`,
    { BASH_TEXT: bash },
  );

beforeEach(async () => {
  namespace = await startNamespace({ rootMiB: 64, dataMiB: 40 });
  await namespace.ask('mount -n -o remount,nr_inodes=6000 /; mount -n -o remount,nr_inodes=4000 /data');
});
afterEach(async () => namespace.close());

describe.each([
  ['/', {}, 1],
  ['/data', { CleanableFolders: '/data/cache' }, 1],
])('a file system at %s whose inodes are used up', (MountPath, own, spared) => {
  test('is measured, found, healed and left alone; no decoy is touched', async () => {
    const parameters = { MountPath, AgeBy: 'modification', ...own };
    expect((await check(MountPath)).code).toBe(0);
    await namespace.script('inodes-exhausted', 'break', { MountPath });
    await namespace.script('inodes-exhausted', 'break', { MountPath });
    expect(await check(MountPath)).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(
        new RegExp(`^${MountPath} 9[45]\\.\\d % of inodes used, \\d{3} free, limit 90 %\\n$`),
      ),
    });
    expect((await measured()).lines).toContainEqual(expect.stringMatching(new RegExp(`^9[45] ${MountPath}$`)));
    const result = await repair(parameters);
    expect(result).toMatchObject({ result: 'changed', counts: { packageCaches: 0, rotatedLogs: 0 } });
    expect(result.counts['inodesFreed']).toBe(
      (result.counts['cleanableFolders'] ?? 0) +
        (result.counts['temporaryFiles'] ?? 0) +
        (result.counts['emptyFolders'] ?? 0),
    );
    expect(result.counts['inodesFreed']).toBeGreaterThan(2500);
    expect(counts(result)).toMatchObject({ 'held open by a process': spared });
    expect((await check(MountPath)).code).toBe(0);
    expect((await repair(parameters)).result).toBe('already-healthy');
    expect(
      await namespace.ask(
        'sha256sum --quiet -c /run/sandbox-decoys-inodes-exhausted; ps -C decoy-holder -o comm=; ls -A /run/self-healing | grep -v manifests',
      ),
    ).toBe('decoy-holder\nattempts\nfence\nholder\nlock\n');
  });
});

test('what is not a mount point, not there, or counts no inodes, is unknown', async () => {
  expect(await check('/var/log')).toMatchObject({ code: 2, stdout: 'not a mount point: /var/log\n' });
  expect(await check('/gone')).toMatchObject({ code: 2, stdout: 'not a mount point: /gone\n' });
  expect(await check('/data;id')).toMatchObject({ code: 2, stdout: 'a parameter is not of its pattern\n' });
  await namespace.ask('mkdir /srv/endless; mount -n -t tmpfs -o nr_inodes=0 tmpfs /srv/endless');
  expect(await check('/srv/endless')).toMatchObject({ code: 2, stdout: '/srv/endless does not count inodes\n' });
});

describe('the measurement', () => {
  test('has a line for each file system that is local, can be written and counts inodes, and asks no other', async () => {
    await namespace.ask(`
      mkdir -p /srv/{counted,endless,read-only,again} '/srv/with blank' /var/lib/kubelet/secret /run/user
      mount -n -t tmpfs -o nr_inodes=100 tmpfs /srv/counted; mount -n --bind /srv/counted /srv/again; touch /srv/counted/{1..49}
      mount -n -t tmpfs -o nr_inodes=0 tmpfs /srv/endless; mount -n -t tmpfs -o ro tmpfs /srv/read-only
      mount -n -t tmpfs tmpfs '/srv/with blank'; mount -n -t tmpfs tmpfs /var/lib/kubelet/secret; mount -n -t tmpfs tmpfs /run/user`);
    await standIn('stat', 'echo "$*" >>/run/asked; exec /usr/bin/stat "$@"');
    const { code, lines } = await measured();
    expect({ code, lines: lines.filter((line) => !line.endsWith(' /')) }).toEqual({
      code: 0,
      lines: ['0 /data', '50 /srv/counted'],
    });
    expect(lines.filter((line) => line.endsWith(' /'))).toEqual([expect.stringMatching(/^\d+ \/$/)]);
    const asked = await namespace.ask("sed 's/.* -- //' /run/asked");
    expect(asked).toBe('/\n/data\n/srv/counted\n/srv/endless\n');
  });

  test('S29: a file system that does not answer has no value, and nobody waits for it for long', async () => {
    await standIn('stat', 'case $* in *data*) exec sleep 1000 ;; esac; exec /usr/bin/stat "$@"');
    await standIn('timeout', 'exec /usr/bin/timeout -k 1 0.2 "${@:4}"');
    expect((await measured()).lines).toEqual([expect.stringMatching(/^\d+ \/$/)]);
    await standIn('stat', 'exit 1');
    expect((await measured()).code).toBe(1);
  });
});

test('no more is deleted than is needed, least harm first, and the most crowded folders are told', async () => {
  await namespace.ask(`mkdir -p /var/cache/apt/archives /srv/cache /var/lib/crowd; touch /var/lib/crowd/{1..1200}
    touch /var/cache/apt/archives/{1..1100}.deb /tmp/{1..900} /srv/cache/{1..1000}
    find /var/cache/apt/archives /tmp /srv/cache -exec touch -d '3 days ago' {} +`);
  const parameters = { MountPath: '/', ThresholdPercent: '60', AgeBy: 'modification', CleanableFolders: '/srv/cache' };
  const result = await repair({ ...parameters, StopAtPercent: '59' });
  expect(result.counts).toMatchObject({ packageCaches: 1100, cleanableFolders: 0, temporaryFiles: 0 });
  expect(result.evidence['mostInodes']?.slice(0, 4)).toEqual([
    '1201 /var/lib/crowd',
    '1101 /var/cache/apt/archives',
    '1001 /srv/cache',
    '901 /tmp',
  ]);
});

test('inodes that are used by what nobody may delete: nothing is done, and it is said where they are', async () => {
  await namespace.ask(
    'mkdir -p /data/mail/new; touch /data/mail/new/{1..3700}; find /data -exec touch -d "9 days ago" {} +',
  );
  const result = await repair({ ...data, ThresholdPercent: '90' });
  expect(result).toMatchObject({
    result: 'nothing-to-do',
    summary: expect.stringMatching(
      /^\/data 92\.\d % -> 92\.\d % of inodes used: nothing was found that may be deleted$/,
    ),
    evidence: { inodesBefore: expect.stringMatching(/^370\d of 4000 used$/) },
  });
  expect(result.evidence['mostInodes']?.[0]).toBe('3701 /data/mail/new');
  expect(await namespace.ask('ls /data/mail/new | wc -l')).toBe('3700\n');
});

describe('empty folders', () => {
  const folders = async (parameters: Record<string, string>) => {
    await namespace.ask(`
      mkdir -p /data/cache/{deep/er/still,young,in-use,root-of,opened,full,late/left}
      touch /data/cache/full/file /data/cache/late/left/old /data/not-named-{1..60}
      find /data/cache -exec touch -d '3 days ago' {} +; touch /data/cache/{young,full/file}`);
    await startProgram(namespace, "bash -c 'cd /data/cache/in-use; : >/run/holding-1; exec sleep 1000'");
    await startProgram(namespace, "bash -c 'exec 3</data/cache/opened; : >/run/holding-2; exec sleep 1000'");
    await namespace.ask('until [[ -e /run/holding-1 && -e /run/holding-2 ]]; do sleep 0.05; done');
    const result = await repair({ ...data, ThresholdPercent: '1', ...parameters });
    return { result, left: (await paths('/data/cache -mindepth 1')).map((path) => path.slice('/data/cache/'.length)) };
  };

  test('S12: go when they are old, bottom up, with the last old file in them; not the young, nor what a process is in', async () => {
    const { result, left } = await folders({});
    expect(result.counts).toMatchObject({ cleanableFolders: 1, emptyFolders: 6 });
    expect(left).toEqual(['full', 'full/file', 'in-use', 'opened', 'young']);
    expect(await namespace.ask('ls -d /data/cache')).toBe('/data/cache\n');
    const { place, sha256, entries } = result.manifest as { place: string; sha256: string; entries: number };
    const zipped = Buffer.from(await namespace.ask(`cat ${place}`), 'latin1');
    expect(sha256).toBe(createHash('sha256').update(zipped).digest('hex'));
    expect(pathsIn(gunzipSync(zipped).toString()).toSorted()).toEqual(
      ['deep/', 'deep/er/', 'deep/er/still/', 'late/', 'late/left/', 'late/left/old', 'root-of/'].map(
        (path) => `/data/cache/${path}`,
      ),
    );
    expect(entries).toBe(7);
  });

  test.each(['temporary', 'none'])('S11: stay where the setting EmptyFolders says %s', async (EmptyFolders) => {
    const { result, left } = await folders({ EmptyFolders });
    expect(result.counts).toMatchObject({ cleanableFolders: 1, emptyFolders: 0 });
    expect(left).toHaveLength(11);
  });

  test('S12: stay where it cannot be told which are in use', async () => {
    await standIn('stat', 'case $* in */cwd*) exit 1 ;; esac; exec /usr/bin/stat "$@"');
    const { result, left } = await folders({});
    expect(counts(result)).toMatchObject({ 'empty folders left, for it cannot be told which are in use': 1 });
    expect(left).toHaveLength(11);
  });

  test("S11: of the temporary places, not a service's private one, nor the sockets'", async () => {
    await namespace.ask(`mkdir -p /tmp/{old,.X11-unix,.ICE-unix,systemd-private-4f-chronyd.service-x/tmp,snap-private-tmp/snap.lxd} /var/tmp/older
      find /tmp /var/tmp -exec touch -d '3 days ago' {} +`);
    const kept = await paths('/tmp /var/tmp');
    const result = await repair({ ...data, MountPath: '/', EmptyFolders: 'temporary' });
    expect(result.counts['emptyFolders']).toBe(2);
    expect(await paths('/tmp /var/tmp')).toEqual(kept.filter((path) => !/old(er)?$/.test(path)));
  });
});

test('S11: protected folders, links, mounts and other file systems are refused, each with its reason, and stay as they were', async () => {
  await namespace.ask(`
    for folder in /home/app /etc/app /var/lib/php /srv/real /opt/mounted; do mkdir -p $folder/empty; echo x >$folder/old; done
    mkdir -p /srv/cache; mount --bind /opt/mounted /srv/cache; ln -s /home/app /srv/link
    find / -xdev -exec touch -h -d '3 days ago' {} + 2>/dev/null || true`);
  const why: Record<string, string> = {
    '/home/app': 'protected folder',
    '/etc/app': 'protected folder',
    '/var/lib/php': 'protected folder',
    '/var': 'above a protected folder',
    '/srv/link': 'not its own resolved path',
    '/srv/../home/app': 'not its own resolved path',
    '/srv/cache': 'mount point',
    '/srv/gone': 'no such folder',
  };
  const everything = '/ -xdev -path /run -prune -o -path /given -prune -o';
  const before = await paths(everything);
  const CleanableFolders = [...Object.keys(why), '/data'].join(':');
  const result = await repair({ ...data, MountPath: '/', CleanableFolders });
  expect(counts(result)).toEqual({
    ...Object.fromEntries(Object.entries(why).map(([folder, reason]) => [`refused ${folder}: ${reason}`, 1])),
    'folders on another file system': 1,
  });
  expect(await paths(everything)).toEqual(before);
});

test('S12, S14: of a hostile tree only what may go is gone, however files and folders are named', async () => {
  await namespace.ask(`mkdir -p /data/cache /data/precious/empty /data/other; cd /data/cache
    for ((i = 0; i < 400; i++)); do
      case $((i % 8)) in
      0) name="two  words $i " ;; 1) name=$'new\\nline\\n'$i ;; 2) name="-rf $i" ;; 3) name="; touch pwned $i" ;;
      4) name='$(touch pwned)'$i ;; 5) name="*[?] $i" ;; 6) name=$'\\xff\\t\\r\\e[31m'$i ;; 7) name="%0A%s $i" ;;
      esac
      mkdir -- "d $name"; echo x >"d $name/$name"; mkdir -- "e $name"
      ((i % 20)) || { ln -s /data/precious "d $name/to-folder"; ln -s /data/precious/old "e $name/to-file"; }
      ((i % 50)) || ln -- "d $name/$name" /data/other/$i
    done
    echo x >/data/precious/old; mkdir bound; mount --bind /data/precious bound
    find /data -exec touch -h -d '3 days ago' {} +`);
  const before = await paths('/data');
  const stays = before.filter(
    (path) =>
      !path.startsWith('/data/cache/') ||
      path.startsWith('/data/cache/bound') ||
      // linked elsewhere, or a link, or a folder that holds one
      before.some((one) => /\/to-(folder|file)$/.test(one) && (one === path || one.startsWith(`${path}/`))),
  );
  const linked = (await namespace.ask('find /data/cache -xdev -type f -links +1 -print0')).split('\0').slice(0, -1);
  const expected = [...new Set([...stays, ...linked, ...linked.map((path) => path.slice(0, path.lastIndexOf('/')))])];
  const result = await repair(data);
  expect(await paths('/data')).toEqual(expected.sort());
  expect(counts(result)).toMatchObject({ 'has another name elsewhere': 8, 'mounted inside a folder': 1 });
  expect(await repair(data)).toMatchObject({ result: 'nothing-to-do', counts: { emptyFolders: 0 } });
});

test('S12: a folder that is swapped for a link while it is cleaned leads nowhere else', async () => {
  await namespace.ask(`mkdir -p /data/cache/sub /data/precious/{1..50}; mkdir /data/cache/sub/{1..1500}; touch /data/cache/{1..1500}
    find /data -exec touch -d '3 days ago' {} +`);
  await standIn(
    'find',
    '[[ $* != *-delete* ]] || { mkdir /run/once && mv /data/cache /data/moved && ln -s precious /data/cache; }; exec /usr/bin/find "$@"',
  );
  const swapping = namespace.run(`cd /data; until [[ -d moved ]]; do :; done; cd moved
    for ((i = 0; i < 3000; i++)); do mv sub aside && ln -s /data/precious sub && rm sub && mv aside sub || break; [[ ! -e /run/done ]] || break; done`);
  expect((await repair(data)).counts['cleanableFolders']).toBe(1500);
  await namespace.ask(': >/run/done');
  await swapping;
  expect(await namespace.ask('ls /data/precious | wc -l')).toBe('50\n');
});

test('S19: what cleared before the act is read again, and nothing is deleted', async () => {
  await namespace.ask('mkdir /data/cache; touch -d "9 days ago" /data/cache/{1..100}');
  const result = await repair({ ...data, ThresholdPercent: '90', StopAtPercent: '1' });
  expect(result).toMatchObject({ result: 'already-healthy', counts: {} });
  expect(await namespace.ask('ls /data/cache | wc -l')).toBe('100\n');
});

test('a repair that is killed in the middle is made good by the next; two at once are one', async () => {
  await namespace.ask(
    'mkdir /data/cache; touch /data/cache/{1..3800}; find /data/cache -exec touch -d "9 days ago" {} +',
  );
  await standIn(
    'find',
    '[[ $* != *-delete* ]] || { echo $$ >>/run/cleaning; exec sleep 1000; }; exec /usr/bin/find "$@"',
  );
  const killed = namespace.script('inodes-exhausted', 'repair', data);
  // two at once, where there are two CPUs
  await namespace.ask(`: >>/run/cleaning; until (($(wc -l </run/cleaning) == ($(nproc) < 2 ? 1 : 2))); do sleep 0.05; done
    pkill -KILL -f '^bash /given/[i]nodes-exhausted-repair.sh'; kill -KILL $(</run/cleaning)`);
  expect((await killed).code).toBe(-1);
  await namespace.ask('rm /given/bin/find');
  const variables = Object.fromEntries(Object.entries(data).map(([name, value]) => [`SSM_${name}`, value]));
  await namespace.ask(
    `for n in 1 2; do SSM_AttemptId=at-once-$n SSM_Fence=9999 bash /given/inodes-exhausted-repair.sh >/run/said-$n & done; wait`,
    variables,
  );
  const said = await Promise.all([1, 2].map((n) => namespace.run(`cat /run/said-${n}`)));
  const both = said.map(readResult);
  expect(both.map(({ result }) => result).sort()).toEqual(['already-healthy', 'changed']);
  expect(both.find(({ result }) => result === 'changed')?.counts).toMatchObject({ cleanableFolders: 3800 });
});

test('a cleaning that takes too long ends by itself and says so', async () => {
  await namespace.ask('mkdir /data/cache; touch -d "9 days ago" /data/cache/{1..100}');
  await standIn('timeout', '[[ $* != *-delete* ]] || exit 124; exec /usr/bin/timeout "$@"');
  const result = await repair(data);
  expect(counts(result)).toMatchObject({ 'folders left half cleaned, for the time was over': 1 });
});

test('S31: a secret in the name of a file, a folder or an argument appears nowhere in what is said', async () => {
  await namespace.ask(`mkdir -p /data/cache; cd /data/cache
    for name in 'password=hunter2' 'token hunter2' 'x AKIAHUNTER2HUNTER2AB'; do mkdir "$name"; touch "$name"/{1..900}; mkdir "$name/secret=hunter2"; done
    find . -exec touch -d '3 days ago' {} +; setsid bash -c 'sleep 1000; :' --password=hunter2 </dev/null >/dev/null 2>&1 &`);
  const { stdout, stderr } = await namespace.script('inodes-exhausted', 'repair', data);
  expect(JSON.parse(stdout)).toMatchObject({ counts: { cleanableFolders: 2700, emptyFolders: 6 } });
  expect((stdout + stderr).toLowerCase()).not.toContain('hunter2');
  expect(stdout).toContain('/data/cache/password=[redacted]');
});
