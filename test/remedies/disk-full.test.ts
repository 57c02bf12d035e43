import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { pathsIn } from './listed-paths.ts';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
const data = {
  MountPath: '/data',
  ThresholdPercent: '1',
  StopAtPercent: '1',
  AgeBy: 'modification',
  CleanableFolders: '/data/cache',
};
const repair = async (parameters: Record<string, string>): Promise<Result> =>
  readResult(await namespace.script('disk-full', 'repair', parameters));
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const files = async (folders: string) =>
  (await namespace.ask(`find ${folders} -print0`)).split('\0').slice(0, -1).sort();
/** What a manifest lists, path by path, and the bytes that it is. */
const listed = async ({ manifest }: Result) => {
  if (manifest === undefined || 'omitted' in manifest) throw new Error('there is no manifest');
  const zipped = Buffer.from(await namespace.ask(`cat ${manifest.place}`), 'latin1');
  const paths = pathsIn(gunzipSync(zipped).toString('latin1'));
  return { paths: paths.sort(), sha256: createHash('sha256').update(zipped).digest('hex'), manifest };
};
/** Puts a program before the one of the same name on PATH. */
const standIn = (name: string, bash: string) =>
  namespace.ask(
    `mkdir -p /given/bin; printf '%s\\n' '#!/bin/bash' "$BASH_TEXT" >/given/bin/${name}; chmod +x /given/bin/${name}`,
    { BASH_TEXT: bash },
  );

beforeEach(async () => {
  namespace = await startNamespace({ rootMiB: 200, dataMiB: 40 });
});
afterEach(async () => namespace.close());

test('a root disk is broken, healed and left alone; no decoy is touched', async () => {
  const root = { MountPath: '/', AgeBy: 'modification' };
  expect(await namespace.script('disk-full', 'check', root)).toMatchObject({
    code: 0,
    stdout: '/ 0.0 % used, 199 MiB free, limit 90 %\n',
  });
  await namespace.script('disk-full', 'break', root);
  await namespace.script('disk-full', 'break', root);
  expect(await namespace.script('disk-full', 'check', root)).toMatchObject({
    code: 1,
    stdout: '/ 95.0 % used, 10 MiB free, limit 90 %\n',
  });
  const result = await repair(root);
  expect(result).toMatchObject({
    result: 'changed',
    counts: { packageCaches: 3, rotatedLogs: 3, cleanableFolders: 0, temporaryFiles: 9, oversizedLogs: 0 },
    left: [
      { why: 'younger than the limit', count: 1 },
      { why: 'held open by a process', count: 1 },
    ],
    manifest: { entries: 15 },
  });
  expect(result.bytesFreed).toBe(result.counts['bytesDeleted']);
  expect(await namespace.script('disk-full', 'check', root)).toMatchObject({ code: 0 });
  expect((await repair(root)).result).toBe('already-healthy');
  expect(
    await namespace.ask(
      'sha256sum --quiet -c /run/sandbox-decoys; ps -C decoy-holder -o comm=; ls -A /run/self-healing',
    ),
  ).toBe('decoy-holder\nattempts\nfence\nholder\nlock\nmanifests\n');
});

test('a disk that is full to the last byte is healed', async () => {
  await namespace.script('disk-full', 'break', { MountPath: '/' });
  await namespace.run('cat /dev/zero > /tmp/last-byte');
  expect(await namespace.script('disk-full', 'check', { MountPath: '/' })).toMatchObject({
    stdout: '/ 100.0 % used, 0 MiB free, limit 90 %\n',
  });
  expect((await repair({ MountPath: '/', AgeBy: 'modification' })).result).toBe('changed');
  expect((await namespace.script('disk-full', 'check', { MountPath: '/' })).code).toBe(0);
});

test('what is not a mount point, or not there, is unknown', async () => {
  const check = (path: string) => namespace.script('disk-full', 'check', { MountPath: path });
  expect(await check('/var/log')).toMatchObject({ code: 2, stdout: 'not a mount point: /var/log\n' });
  expect(await check('/gone')).toMatchObject({ code: 2, stdout: 'not a mount point: /gone\n' });
  expect(await check('/data;id')).toMatchObject({ code: 2, stdout: 'a parameter is not of its pattern\n' });
  const deep = await check(`/${'a'.repeat(200)}`);
  expect(deep.code).toBe(2);
  expect(deep.stdout).toMatch(/^.{1,80}\n$/);
});

test('no more is deleted than is needed, least harm first', async () => {
  await namespace.ask(`
    mkdir -p /var/cache/apt/archives /tmp
    head -c 60M /dev/zero >/var/cache/apt/archives/a.deb; head -c 60M /dev/zero >/var/log/app.log.1; head -c 65M /dev/zero >/tmp/old
    touch -d '3 days ago' /var/cache/apt/archives/a.deb /var/log/app.log.1 /tmp/old`);
  expect(await repair({ MountPath: '/', AgeBy: 'modification', StopAtPercent: '65' })).toMatchObject({
    counts: { packageCaches: 1, rotatedLogs: 0, temporaryFiles: 0 },
  });
});

test('S14: the manifest has each file once and whole, however long its path and however many folders are cleaned at once', async () => {
  await namespace.ask(`mkdir -p /data/cache; cd /data/cache; head -c 1M /dev/zero >filler; long=$(printf 'x%.0s' {1..250})
    for folder in {1..60}; do mkdir $folder; touch $folder/"$long"-{1..100}; done
    for name in one two; do (mkdir $name; cd $name; for n in {1..18}; do mkdir "$long"; cd "$long"; done; touch $name-{1..20}); done
    find . -type f -execdir touch -d '3 days ago' {} +`);
  const before = await files('/data/cache -type f');
  expect(before).toHaveLength(6041);
  expect(Math.max(...before.map(({ length }) => length))).toBeGreaterThan(4500);
  expect((await listed(await repair(data))).paths).toEqual(before);
});

test('S14: where the manifest cannot be written, what may go goes all the same, and that is said', async () => {
  await namespace.ask(
    'mkdir /data/cache; head -c 9M /dev/zero >/data/cache/old; touch -d "3 days ago" /data/cache/old',
  );
  await standIn('gzip', 'head -c 9 >/dev/null; exit 1');
  expect(await repair(data)).toMatchObject({
    result: 'changed',
    counts: { cleanableFolders: 1 },
    manifest: { omitted: 'it could not be written where it could be kept' },
  });
});

test('S11: folders that must not be cleaned are refused, each with its reason, and stay as they were', async () => {
  await namespace.ask(`
    head -c 9M /dev/zero >/fill
    for folder in /home/app /etc/app /var/lib/app /boot/x /root/x /srv/real /srv/up /opt/mounted; do mkdir -p $folder; echo x >$folder/old; done
    mkdir -p /srv/cache; mount --bind /opt/mounted /srv/cache; ln -s /home/app /srv/link; ln -s real /srv/short; echo x >/srv/file
    find / -xdev -type f -exec touch -d '3 days ago' {} + 2>/dev/null || true`);
  const why: Record<string, string> = {
    '//': 'above a protected folder',
    '/var': 'above a protected folder',
    '/home': 'protected folder',
    '/home/app': 'protected folder',
    '/etc': 'protected folder',
    '/etc/app': 'protected folder',
    '/var/lib': 'protected folder',
    '/var/lib/app': 'protected folder',
    '/usr/share': 'protected folder',
    '/boot': 'protected folder',
    '/root/x': 'protected folder',
    '/proc/self': 'protected folder',
    '/sys': 'protected folder',
    '/dev/shm': 'protected folder',
    '/run/lock': 'protected folder',
    '/srv/link': 'not its own resolved path',
    '/srv/short': 'not its own resolved path',
    '/srv/../home/app': 'not its own resolved path',
    '/srv//real': 'not its own resolved path',
    '/srv/./real': 'not its own resolved path',
    '/srv/cache': 'mount point',
    '/srv/file': 'not a folder',
    '/srv/gone': 'no such folder',
  };
  const before = await files('/ -xdev -path /run -prune -o -path /given -prune -o -type f');
  const all = Object.entries(why);
  for (const part of [all.slice(0, 12), all.slice(12)]) {
    const CleanableFolders = part.map(([folder]) => folder).join(':');
    const result = await repair({ ...data, MountPath: '/', CleanableFolders });
    const refusals = part.map(([folder, reason]) => [`refused ${folder === '//' ? '/' : folder}: ${reason}`, 1]);
    expect(counts(result)).toMatchObject(Object.fromEntries(refusals));
    expect(result.counts['cleanableFolders']).toBe(0);
  }
  expect(await repair({ ...data, MountPath: '/', CleanableFolders: '/' })).toMatchObject({ result: 'refused' });
  expect(counts(await repair({ ...data, MountPath: '/', CleanableFolders: '/data' }))).toMatchObject({
    'folders on another file system': 1,
  });
  expect(await files('/ -xdev -path /run -prune -o -path /given -prune -o -type f')).toEqual(before);
  expect(await repair({ ...data, MountPath: '/', CleanableFolders: '/srv/real/' })).toMatchObject({
    counts: { cleanableFolders: 1 },
  });
});

test('S11, S12, S14: of a hostile folder only what may go is gone, by a manifest before and after', async () => {
  await namespace.ask(`
    mkdir -p /data/cache /data/precious /data/other; cd /data/cache
    for ((i = 0; i < 10000; i++)); do
      case $((i % 10)) in
      0) name=plain-$i ;; 1) name="two  words $i " ;; 2) name=$'new\\nline\\n'$i ;; 3) name="quote'\\"\\\\$i" ;; 4) name="-rf $i" ;;
      5) name="; touch pwned $i" ;; 6) name='$(touch pwned)\`id\`'$i ;; 7) name="*[?]{a,b} $i" ;; 8) name=$'\\xff\\xfe\\t\\r\\e[31m'$i ;; 9) name="%0A%25%s $i" ;;
      esac
      folder="sub"$'\\n'"[$((i % 7))] -delete"; ((i > 6)) || mkdir -- "$folder"
      echo x >"$folder/$name"
      ((i % 50)) || printf '%s\\0' "/data/cache/$folder/$name" >>/run/young
      ((i % 333)) || printf '%s\\0' "/data/cache/$folder/$name" >>/run/held
      ((i % 777)) || { ln -- "$folder/$name" /data/other/$i; printf '%s\\0' "/data/cache/$folder/$name" >>/run/linked; }
      ((i % 100)) || { ln -s /data/precious "$folder/to-folder-$i"; ln -s /data/precious/old "$folder/to-file-$i"; }
    done
    echo x >/data/precious/old; mkdir 'bound *[x]\\ dir'; mkdir 'bound yx dir'; echo x >'bound yx dir/goes'
    head -c 1M /dev/zero >/data/filler
    find /data -type f -exec touch -d '3 days ago' {} +
    xargs -0 touch </run/young
    mount --bind /data/precious 'bound *[x]\\ dir'
    setsid bash -c 'while IFS= read -r -d "" f; do exec {n}<"$f"; done </run/held; : >/run/holding; exec sleep 1000' </dev/null >/dev/null 2>&1 &
    until [[ -e /run/holding ]]; do sleep 0.05; done`);
  const before = await files('/data');
  const regular = await files('/data/cache -type f -not -path "*bound \\**"');
  const stays = new Set((await namespace.ask('cat /run/young /run/held /run/linked')).split('\0'));
  const goes = regular.filter((path) => !stays.has(path));

  const result = await repair(data);
  expect(goes).toHaveLength(10_001 - new Set([...stays].filter(Boolean)).size);
  const gone = new Set(goes);
  expect(await files('/data')).toEqual(before.filter((path) => !gone.has(path)));
  expect(result.counts).toMatchObject({ cleanableFolders: goes.length });
  expect(counts(result)).toMatchObject({ 'younger than the limit': 200, 'mounted inside a folder': 1 });
  expect(result.largest).toHaveLength(20);

  const { paths, sha256, manifest } = await listed(result);
  expect(paths).toEqual(goes);
  expect(manifest).toMatchObject({ sha256, entries: goes.length });
  expect(await repair(data)).toMatchObject({ result: 'nothing-to-do', counts: { cleanableFolders: 0 } });
});

test('S12: a folder that is swapped for a link before it is entered is refused', async () => {
  await namespace.ask(
    'mkdir /data/cache /data/precious; head -c 9M /dev/zero >/data/precious/old; touch -d "3 days ago" /data/precious/old',
  );
  await standIn(
    'find',
    '[[ $* != /proc/self/cwd* || $PWD != /data/cache ]] || { mv /data/cache /data/moved; ln -s precious /data/cache; }; exec /usr/bin/find "$@"',
  );
  expect(counts(await repair(data))).toMatchObject({ 'refused /data/cache: changed while it was looked at': 1 });
  expect(await namespace.ask('ls /data/precious')).toBe('old\n');
});

test('S12: a folder that is swapped for a link while it is cleaned leads nowhere else', async () => {
  await namespace.ask(`mkdir -p /data/cache/{a,b,sub} /data/precious; touch /data/precious/file-{1..50}; head -c 9M /dev/zero >/data/cache/a/big
    touch /data/cache/{a,b,sub}/file-{1..3000}; find /data -type f -exec touch -d '3 days ago' {} +`);
  await standIn(
    'find',
    '[[ $* != *-delete* ]] || { mkdir /run/once && mv /data/cache /data/moved && ln -s precious /data/cache; }; exec /usr/bin/find "$@"',
  );
  const swapping = namespace.run(`cd /data; until [[ -d moved ]]; do :; done; cd moved
    for ((i = 0; i < 3000; i++)); do mv sub aside && ln -s /data/precious sub && rm sub && mv aside sub || break; [[ ! -e /run/done ]] || break; done`);
  expect((await repair(data)).counts['cleanableFolders']).toBeGreaterThan(6000);
  await namespace.ask(': >/run/done');
  await swapping;
  expect(await namespace.ask('ls /data/precious | wc -l; ls /data/moved/a | wc -l')).toBe('50\n0\n');
});

test('S12: a file that was moved in just now stays, however old it says it is', async () => {
  await namespace.ask(
    'mkdir /data/cache; head -c 9M /dev/zero >/data/cache/unpacked; touch -d "9 years ago" /data/cache/unpacked',
  );
  const { AgeBy: _, ...parameters } = data;
  const result = await repair(parameters);
  expect(result.result).toBe('nothing-to-do');
  expect(counts(result)).toMatchObject({ 'younger than the limit': 1 });
  expect(await repair({ ...parameters, CleanableAgeMinutes: '0' })).toMatchObject({ counts: { cleanableFolders: 1 } });
});

test('S12: nothing is deleted where it cannot be told what is open', async () => {
  await namespace.ask(
    'mkdir /data/cache; head -c 9M /dev/zero >/data/cache/old; touch -d "9 days ago" /data/cache/old',
  );
  await standIn('xargs', 'exit 1');
  expect(counts(await repair(data))).toMatchObject({ 'folders left, for it cannot be told what is open': 1 });
  expect(await namespace.ask('ls /data/cache')).toBe('old\n');
});

test('S12: a file that is only mapped stays', async () => {
  await namespace.ask(`mkdir /data/cache; cp /usr/bin/sleep /data/cache/program; head -c 9M /dev/zero >/data/cache/old
    touch -d '3 days ago' /data/cache/*; setsid /data/cache/program 1000 </dev/null >/dev/null 2>&1 &`);
  expect(counts(await repair(data))).toMatchObject({ 'held open by a process': 1 });
  expect(await namespace.ask('ls /data/cache')).toBe('program\n');
});

test('S12: with thousands of open files those in the folder stay, and one that is moved in while it is cleaned', async () => {
  await namespace.ask(`mkdir -p /data/cache /data/database; cd /data; touch database/{1..2500} cache/{1..300} database/late; head -c 9M /dev/zero >cache/big
    find . -type f -exec touch -d '3 days ago' {} +
    setsid bash -c 'for f in /data/database/* /data/cache/{1..300..3}; do exec {n}<"$f"; done; : >/run/holding; exec sleep 1000' </dev/null >/dev/null 2>&1 &
    until [[ -e /run/holding ]]; do sleep 0.05; done`);
  await standIn(
    'find',
    '[[ $* != *-delete* || ! -e /data/database/late ]] || mv /data/database/late /data/cache/; exec /usr/bin/find "$@"',
  );
  const result = await repair(data);
  expect(result.counts['cleanableFolders']).toBe(201);
  expect(counts(result)).toMatchObject({ 'held open by a process': 101 });
  expect(await files('/data/cache')).toEqual(
    ['/data/cache', '/data/cache/late', ...Array.from({ length: 100 }, (_, n) => `/data/cache/${n * 3 + 1}`)].sort(),
  );
});

test('S11: what the mode observe runs, the check, changes nothing: the tree is the same before and after', async () => {
  await namespace.script('disk-full', 'break', { MountPath: '/' });
  const tree = () =>
    namespace.ask(
      `places=(/ -xdev '(' -path /given -o -path /proc -o -path /dev -o -path /sys ')' -prune -o); find "\${places[@]}" -printf "%p %i %s %b %m %u %n %T@ %C@\\n" | sort; find "\${places[@]}" -type f -exec sha256sum {} + | sort; find /run | sort`,
    );
  const before = await tree();
  expect((await namespace.script('disk-full', 'check', { MountPath: '/' })).code).toBe(1);
  expect(await tree()).toBe(before);
  expect(await namespace.run('ls /run/self-healing')).toMatchObject({ code: 2 });
});

test('S25: a folder that cannot be cleaned stops no other', async () => {
  await namespace.ask(
    'mkdir /data/cache /data/other; head -c 9M /dev/zero >/data/cache/old; head -c 9M /dev/zero >/data/other/old; touch -d "9 days ago" /data/*/old',
  );
  await standIn('find', '[[ $* != *-delete* || $PWD != /data/cache ]] || kill -KILL $$; exec /usr/bin/find "$@"');
  expect((await repair({ ...data, CleanableFolders: '/data/cache:/data/other' })).counts['cleanableFolders']).toBe(1);
  expect(await namespace.ask('ls /data/cache /data/other')).toBe('/data/cache:\nold\n\n/data/other:\n');
});

test('core dumps go by age, and only what is one by its first bytes', async () => {
  await namespace.ask(`mkdir -p /var/lib/systemd/coredump /var/crash /var/lib/other; cd /var/lib/systemd/coredump
    elf() { printf '\\x7fELF\\x02\\x01\\x01\\0\\0\\0\\0\\0\\0\\0\\0\\0'"$1"; head -c 9M /dev/zero; }
    elf '\\x04\\0' >core.orders.1; { printf '\\x28\\xb5\\x2f\\xfd'; head -c 9M /dev/zero; } >core.orders.2.zst
    elf '\\x02\\0' >core.program; echo text >core.text; elf '\\x04\\0' >core.young; cp core.orders.1 /var/lib/other/core.1
    elf '\\x04\\0' >/var/crash/core.app; cp core.orders.2.zst /var/crash/core.compressed; ln -s /var/lib/other/core.1 core.link
    touch -d '8 days ago' core.[!y]* /var/crash/* /var/lib/other/*`);
  const result = await repair({ MountPath: '/', ThresholdPercent: '5', StopAtPercent: '4' });
  expect(result.counts).toMatchObject({ coreDumps: 3 });
  expect(await namespace.ask('ls /var/lib/systemd/coredump /var/crash /var/lib/other')).toBe(
    '/var/crash:\ncore.compressed\n\n/var/lib/other:\ncore.1\n\n/var/lib/systemd/coredump:\ncore.link\ncore.program\ncore.text\ncore.young\n',
  );
});

test('oversized logs keep their last MiB in place; links, audit trail and small logs stay', async () => {
  await namespace.ask(`mkdir -p /var/log/app /var/log/audit /srv; cd /var/log
    { head -c 7M /dev/zero; seq 1 300000; } >app/app.log; cp app/app.log audit/audit.log; cp app/app.log /srv/target; ln -s /srv/target link.log; seq 9 >small.log
    setsid bash -c 'exec >>/var/log/app/app.log; until [[ -e /run/write ]]; do sleep 0.05; done; echo the end; exec sleep 1000' </dev/null 2>/dev/null &`);
  const result = await repair({
    MountPath: '/',
    ThresholdPercent: '1',
    StopAtPercent: '1',
    OversizedLogMebibytes: '2',
  });
  expect(result.changes).toEqual([
    { what: 'shortened', path: '/var/log/app/app.log', bytesBefore: 9_328_927, bytesAfter: 1_048_576 },
  ]);
  expect(result.counts['oversizedLogs']).toBe(1);
  await namespace.ask(': >/run/write; until grep -q end /var/log/app/app.log; do sleep 0.05; done');
  expect(
    await namespace.ask(
      'cd /var/log; tail -n 2 app/app.log; stat -c %s app/app.log audit/audit.log /srv/target; cat small.log | wc -l',
    ),
  ).toBe('300000\nthe end\n1048584\n9328927\n9328927\n9\n');
});

test('S31: a secret in a file name or an argument appears nowhere in what is said', async () => {
  await namespace.ask(`mkdir -p /data/cache; cd /data/cache; for n in 'password=hunter2.txt' token-hunter2 $'secret:\\nhunter2' 'x AKIAHUNTER2HUNTER2AB'; do head -c 3M /dev/zero >"$n"; done
    touch -d '3 days ago' *; setsid bash -c 'sleep 1000; :' --password=hunter2 </dev/null >/dev/null 2>&1 &`);
  const { stdout, stderr } = await namespace.script('disk-full', 'repair', data);
  expect(JSON.parse(stdout).counts.cleanableFolders).toBe(4);
  expect((stdout + stderr).toLowerCase()).not.toContain('hunter2');
  expect(stdout).toContain('password=[redacted]');
});

test('S12: a log that is swapped for a link while it is shortened leads nowhere else', async () => {
  await namespace.ask('mkdir -p /var/log/app; head -c 9M /dev/urandom | tee /srv/target >/var/log/app/app.log');
  const swap = 'mv /var/log/app/app.log /var/log/app/moved; ln -s /srv/target /var/log/app/app.log';
  await standIn('dd', `[[ $* != *oflag* ]] || { ${swap}; }; exec /usr/bin/dd "$@"`);
  const result = await repair({
    MountPath: '/',
    ThresholdPercent: '1',
    StopAtPercent: '1',
    OversizedLogMebibytes: '2',
  });
  expect(counts(result)).toMatchObject({ 'logs that could not be shortened': 1 });
  expect(result.counts['oversizedLogs']).toBe(0);
  await namespace.ask('cmp /srv/target /var/log/app/moved');
});
