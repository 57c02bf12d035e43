import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { bringPackageManagers, requirePackageManagers } from './package-managers.ts';

let namespace: Namespace;
let make: (bash: string) => Promise<string>;
const repair = async (): Promise<Result> => {
  const root = { MountPath: '/', ThresholdPercent: '2', StopAtPercent: '1', AgeBy: 'modification' };
  return readResult(await namespace.script('disk-full', 'repair', root));
};
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const WORKING = 'package caches, for a package manager is at work';

/** How each package manager fetches and installs; what it keeps besides its cache; what of its cache goes, and stays. */
const managers = [
  {
    manager: 'apt-get',
    cache: '/var/cache/apt',
    refresh: 'apt-get -q update',
    install: 'apt-get -qy install',
    fetch: 'apt-get -qy install --download-only',
    kept: '/etc/apt /var/lib/dpkg /var/lib/apt',
    deleted: 2,
    remains: ['archives/lock', 'pkgcache.bin', 'srcpkgcache.bin'],
  },
  {
    manager: 'dnf',
    cache: '/var/cache/dnf',
    refresh: 'dnf -q --releasever 9 makecache',
    install: 'dnf -y --releasever 9 install',
    fetch: 'dnf -y --releasever 9 install --downloadonly',
    kept: '/etc/dnf /etc/yum.repos.d /var/lib/rpm /var/lib/dnf',
    // two packages, three files of metadata, two that dnf made of these
    deleted: 7,
    remains: ['expired_repos.json'],
  },
  {
    manager: 'zypper',
    cache: '/var/cache/zypp',
    refresh: 'zypper -n refresh',
    install: 'zypper -n install',
    fetch: 'zypper -n install --download-only',
    kept: '/etc/zypp /var/lib/rpm',
    deleted: 4,
    remains: ['@System/cookie', '@System/solv', '@System/solv.idx', 'tiny/cookie', 'tiny/solv', 'tiny/solv.idx'].map(
      (name) => `solv/${name}`,
    ),
  },
] as const;

beforeAll(async () => {
  requirePackageManagers();
  namespace = await startNamespace({ rootMiB: 200 });
  make = await bringPackageManagers(namespace);
  // The package `head` is installed until /run/go-on is there; `tail` comes behind it.
  await make(`head -c 20M /dev/zero >/srv/data
    waits='echo $$ >/run/installing; until [ -e /run/go-on ]; do sleep 0.05; done'
    first=$(tree opt/tiny/first 600) second=$(tree opt/tiny/second 600) third=$(tree opt/tiny/third 600) head=$(tree opt/tiny/head 99) tail=$(tree opt/tiny/tail 99)
    for name in first second third; do rpm_package $name 1 1 '' \${!name} & done
    rpm_package head 1 1 $'%pre\\n'"$waits" $head & rpm_package tail 1 1 'Requires: head' $tail & wait
    mkdir $head/DEBIAN; printf '#!/bin/sh\\n%s\\n' "$waits" >$head/DEBIAN/preinst; chmod 755 $head/DEBIAN/preinst
    for name in first second third head; do deb $name 1 '' \${!name}; done; deb tail 1 'Depends: head' $tail
    serve_rpms`);
});
/** As it was, but for the caches. */
const clear = () => make('rpm -e $(rpm -qa | grep -v ^base-) || true; rm -rf /opt/tiny /run/installing /run/go-on');
afterAll(async () => namespace.close());

describe.each(managers)('$manager', ({ cache, refresh, install, fetch, kept, deleted, remains }) => {
  const old = () => make(`find ${cache} -type f -exec touch -d '3 days ago' {} +`);
  const list = (folders: string, format: string) => make(`find ${folders} -type f ${format} | sort`);
  const digests = () => list(kept, '-exec sha256sum {} +');

  test('its cache goes, but no lock, no configuration and no database; it works on', async () => {
    await clear();
    await make(`${refresh}; ${fetch} first second`);
    await old();
    const before = await digests();
    const result = await repair();
    expect(result.counts['packageCaches']).toBe(deleted);
    expect(result.largest.slice(0, 2).map(({ bytes }) => bytes > 600_000)).toEqual([true, true]);
    expect(await list(cache, "-printf '%P\\n'")).toBe(remains.map((name) => `${name}\n`).join(''));
    expect(await digests()).toBe(before);
    expect(await namespace.run(`${install} third first`)).toMatchObject({ code: 0, stderr: '' });
    expect(await make('ls /opt/tiny')).toBe('first\nthird\n');
  });

  test('S12: what it fetched long ago stays while it installs that, one package behind the other', async () => {
    await clear();
    await make(`${refresh}; ${fetch} head tail`);
    await old();
    const before = await list(cache, "-printf '%s %p\\n'");
    await make(`setsid sh -c '${install} head tail; echo $? >/run/ended' </dev/null >/run/said 2>&1 &
      until [[ -e /run/installing ]]; do sleep 0.05; done`);
    const result = await repair();
    expect(counts(result)).toMatchObject({ [WORKING]: 1 });
    expect(await list(cache, "-printf '%s %p\\n'")).toBe(before);
    await make(': >/run/go-on; until [[ -e /run/ended ]]; do sleep 0.05; done');
    expect(
      await make('cat /run/ended; rm /run/ended; ls /opt/tiny; ! grep -E "^(E|W):|[Ee]rror|[Ff]ail" /run/said'),
    ).toBe('0\nhead\ntail\n');
    expect(counts(await repair())).not.toHaveProperty([WORKING]);
    expect(await list(cache, "-name '*-1*.rpm' -o -name '*.deb'")).toBe('');
  });
});

test('S12: a package manager that another program brings along is known by its lock, one that holds none yet by its name', async () => {
  await clear();
  await make(`mkdir -p /run/bin; cp /usr/bin/dnf-3 /run/bin/deploy
    dnf -qy --releasever 9 install --downloadonly head tail; find /var/cache/dnf -type f -exec touch -d '3 days ago' {} +
    setsid sh -c '/run/bin/deploy -qy --releasever 9 install head tail; echo $? >/run/ended' </dev/null >/run/said 2>&1 &
    until [[ -e /run/installing ]]; do sleep 0.05; done`);
  expect(counts(await repair())).toMatchObject({ [WORKING]: 1 });
  expect(await make(': >/run/go-on; until [[ -e /run/ended ]]; do sleep 0.05; done; cat /run/ended')).toBe('0\n');
  await make(
    'cp /usr/bin/sleep /run/bin/zypper; setsid /run/bin/zypper 1000 </dev/null >/dev/null 2>&1 & echo $! >/run/pid',
  );
  expect(counts(await repair())).toMatchObject({ [WORKING]: 1 });
  await make('kill "$(pgrep -x zypper)"; while pgrep -x zypper >/dev/null; do sleep 0.05; done');
  expect(counts(await repair())).not.toHaveProperty([WORKING]);
});
