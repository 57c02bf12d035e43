import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { bringPackageManagers, requirePackageManagers } from './package-managers.ts';

let namespace: Namespace;
let make: (bash: string) => Promise<string>;
const repair = async (parameters: Record<string, string> = {}, by = ''): Promise<Result> => {
  const root = { MountPath: '/', ThresholdPercent: '2', StopAtPercent: '1', OldKernels: 'remove' };
  return readResult(await namespace.script('disk-full', 'repair', { ...root, ...parameters }, by));
};
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const images = () => make("cd /boot; ls vmlinuz-* | sed 's/vmlinuz-//' | xargs");
/** Full enough to be healed, and healed once a percent of the disk is free again. */
const one = async () => {
  const used = Number(await make("df / --output=used,size | awk 'END { print int(100 * $1 / $2) }'"));
  return { ThresholdPercent: String(used), StopAtPercent: String(used - 1) };
};
const start = async (bash: string) => {
  requirePackageManagers();
  namespace = await startNamespace({ rootMiB: 200 });
  make = await bringPackageManagers(namespace);
  await make(`prepare_kernels; head -c 20M /dev/zero >/srv/data; ${bash}`);
};

describe('apt', () => {
  const ALL = ['6.1.0-25-amd64', '6.1.0-25-cloud-amd64', '6.1.0-26-amd64', '6.1.0-27-amd64', '6.1.0-28-amd64'];
  const image26 = 'dpkg -i $repositories/deb/linux-image-6.1.0-26-amd64_1.deb';
  const debs = async () => (await make("dpkg-query -W -f '${Package}\\n'")).split('\n');

  // 27 runs, 28 waits for the reboot; a kernel of another flavour shares its headers with 25.
  beforeAll(() =>
    start(`echo 6.1.0-27-amd64 >/run/running; for release in ${ALL.join(' ')}; do kernel_debs $release; done
      deb linux-image-amd64 6.1.28 'Depends: linux-image-6.1.0-28-amd64' "$(mktemp -d)"; deb first 1 '' "$(tree opt/tiny/first 4)"
      deb zfs-modules 1 'Depends: linux-image-6.1.0-26-amd64' "$(tree opt/zfs 4)"; dpkg -i $repositories/deb/linux-*.deb >/dev/null
      rm -r /run/trees $repositories/deb/linux-*-2[578]*; apt-get -q update`),
  );
  afterAll(async () => namespace.close());

  test('the setting leaves them by default, and says how many there are', async () => {
    const result = await repair({ OldKernels: 'leave' });
    expect(counts(result)).toMatchObject({ 'old kernels, 9 MiB: OldKernels says leave': 2 });
    expect(result.result).toBe('nothing-to-do');
  });

  test.each([
    [28, '9 MiB: 6.1.0-25-amd64 6.1.0-26-amd64; kept: 6.1.0-28-amd64 6.1.0-27-amd64 6.1.0-25-cloud-amd64'],
    [27, '9 MiB: 6.1.0-25-amd64 6.1.0-26-amd64; kept: 6.1.0-28-amd64 6.1.0-27-amd64 6.1.0-25-cloud-amd64'],
    [25, '4 MiB: 6.1.0-26-amd64; kept: 6.1.0-28-amd64 6.1.0-27-amd64 6.1.0-25-cloud-amd64 6.1.0-25-amd64'],
  ])('S11: where %i runs, that, the newest two and the only one of another flavour are not old', async (abi, old) => {
    await make(`echo 6.1.0-${abi}-amd64 >/run/running`);
    const result = await repair({ OldKernels: 'leave' });
    expect(result.evidence['oldKernels']).toBe(`${old}; running: 6.1.0-${abi}-amd64`);
    await make('echo 6.1.0-27-amd64 >/run/running');
  });

  test('of a disk that holds none nothing is said', async () => {
    await make('head -c 9M /dev/zero >/data/full');
    const result = await repair({ MountPath: '/data' });
    expect([result.result, result.evidence['oldKernels']]).toEqual(['nothing-to-do', undefined]);
    expect(counts(result)).toEqual({ 'folders on another file system': 4 });
  });

  const refusals: [string, string, string, Record<string, number>][] = [
    [
      'the one that runs is no package’s',
      'echo 6.6.6 >/run/running',
      'echo 6.1.0-27-amd64 >/run/running',
      { 'old kernels: the one that runs is no package': 2 },
    ],
    [
      'the boot loader counts its entries',
      `echo 'GRUB_DEFAULT="1>2"' >/etc/default/grub`,
      'rm /etc/default/grub',
      { 'old kernels: the boot loader counts its entries': 2 },
    ],
    [
      'the boot loader is set to them',
      `mkdir /boot/grub; echo saved_entry=0f3e-6.1.0-25-amd64 >/boot/grub/grubenv; echo "GRUB_DEFAULT='Linux 6.1.0-26-amd64'" >/etc/default/grub`,
      'rm -r /boot/grub /etc/default/grub',
      {},
    ],
    [
      'the newest has no modules',
      'mv /lib/modules/6.1.0-28-amd64 /lib/modules/away',
      'mv /lib/modules/away /lib/modules/6.1.0-28-amd64',
      { 'old kernels: 6.1.0-28-amd64 has no image, or no modules': 2 },
    ],
    [
      'they are on hold',
      'apt-mark hold linux-image-6.1.0-25-amd64 linux-image-6.1.0-26-amd64',
      'apt-mark unhold linux-image-6.1.0-25-amd64 linux-image-6.1.0-26-amd64',
      { 'old kernels: 6.1.0-25-amd64 is on hold': 1, 'old kernels: 6.1.0-26-amd64 is on hold': 1 },
    ],
    [
      'dpkg is locked',
      'mkdir -p /run/bin; cp /usr/bin/sleep /run/bin/deploy; setsid /run/bin/deploy 1000 5<>/var/lib/dpkg/lock-frontend </dev/null >/dev/null 2>&1 &',
      'kill "$(pgrep -x deploy)"; while pgrep -x deploy >/dev/null; do sleep 0.05; done',
      { 'old kernels: a package manager is at work': 2 },
    ],
    [
      'dpkg was interrupted',
      'dpkg --unpack $repositories/deb/first_1.deb',
      'dpkg --purge first',
      { 'old kernels: dpkg was interrupted': 2 },
    ],
    [
      'the package manager has no room',
      'fallocate -l 135M /srv/fill',
      'rm /srv/fill',
      { 'old kernels: the package manager has no room to work': 2 },
    ],
  ];
  test.each(refusals)('S11: where %s, none goes', async (_, before, after, left) => {
    await make(before);
    const installed = await debs();
    const result = await repair();
    const said = Object.entries(counts(result)).filter(([why]) => why.startsWith('old kernels'));
    expect([result.result, Object.fromEntries(said)]).toEqual(['nothing-to-do', left]);
    expect(await debs()).toEqual(installed);
    expect(await images()).toBe(`${ALL.join(' ')}\n`);
    await make(after);
  });

  test('S11: the oldest goes, and what is of its version alone; no more once there is room; apt works on', async () => {
    const before = await debs();
    const result = await repair(await one());
    expect(result).toMatchObject({
      result: 'changed',
      counts: { kernelsRemoved: 1 },
      changes: [
        {
          what: 'kernel removed',
          release: '6.1.0-25-amd64',
          packages: 'linux-headers-6.1.0-25-amd64 linux-image-6.1.0-25-amd64',
        },
      ],
    });
    expect(Number(result.changes[0]?.['bytesFreed'])).toBeGreaterThan(4_600_000);
    const after = await debs();
    expect(before.filter((name) => !after.includes(name))).toEqual([
      'linux-headers-6.1.0-25-amd64',
      'linux-image-6.1.0-25-amd64',
    ]);
    expect(await images()).toBe('6.1.0-25-cloud-amd64 6.1.0-26-amd64 6.1.0-27-amd64 6.1.0-28-amd64\n');
    expect(
      await make('dpkg --audit; apt-get -q check >/dev/null; apt-get -qy install first >/dev/null; ls /opt/tiny'),
    ).toBe('first\n');
  });

  test('S11: a kernel that another package needs stays, and so does that package', async () => {
    await make('dpkg -i $repositories/deb/zfs-modules_1.deb');
    const installed = await debs();
    const result = await repair();
    expect(counts(result)).toMatchObject({
      'old kernels: 6.1.0-26-amd64: apt-get would change others than its packages': 1,
    });
    expect(await debs()).toEqual(installed);
    await make('dpkg --purge zfs-modules');
  });

  test('a removal that breaks off is told, and so is one that takes too long, which goes on to its end', async () => {
    await make("echo 'exit 1' >/run/postrm");
    const broken = await repair();
    expect([broken.result, broken.reason, broken.counts['kernelsRemoved']]).toEqual(['unknown', 'kernel-trouble', 0]);
    expect(broken.summary).toMatch(/^6\.1\.0-26-amd64 is half removed, apt-get ended with 100: E: Sub-process /);
    await make(`rm /run/postrm; dpkg --purge linux-image-6.1.0-26-amd64; ${image26}
      echo 'until [ -e /run/go-on ]; do sleep 0.05; done' >/run/postrm`);
    const long = await repair({}, `bash -c 'sed -i s/removal_seconds=180/removal_seconds=1/ "$1"; exec bash "$1"'`);
    expect([long.result, long.reason, long.counts['kernelsRemoved']]).toEqual(['unknown', 'kernel-trouble', 0]);
    expect(long.summary).toMatch(/^apt-get removes 6\.1\.0-26-amd64 since 1 s, and was left to it; /);
    await make(': >/run/go-on; while pgrep -x "apt-get|dpkg" >/dev/null; do sleep 0.05; done; rm /run/postrm');
    expect(await make('dpkg --audit')).toBe('');
    expect(await images()).toBe('6.1.0-25-cloud-amd64 6.1.0-27-amd64 6.1.0-28-amd64\n');
  });

  test('where a kernel that stays is damaged by it, a person is told not to reboot', async () => {
    await make(`${image26}; echo 'rm -f /boot/initrd.img-6.1.0-28-amd64' >/run/postrm`);
    const result = await repair();
    expect(result).toMatchObject({ result: 'unknown', reason: 'kernel-trouble', counts: { kernelsRemoved: 1 } });
    expect(result.summary).toMatch(
      /^do not reboot: \/boot\/initrd\.img-6\.1\.0-28-amd64 is not whole since 6\.1\.0-26-amd64 was removed; /,
    );
    expect(result.changes).toMatchObject([{ what: 'kernel removed', release: '6.1.0-26-amd64' }]);
  });
});

describe.each([
  {
    manager: 'dnf',
    // by letters the first would be the newest but one
    kernels: ['427.el9', '427.13.1.el9', '503.el9', '503.2.1.el9'],
    release: (kernel: string) => `5.14.0-${kernel}.x86_64`,
    make: 'el_kernel',
    packages: 'kernel-5.14.0-427.el9.noarch kernel-core-5.14.0-427.el9.noarch kernel-modules-5.14.0-427.el9.noarch',
    needs: 'kernel-core = 5.14.0-427.13.1.el9',
    only: '',
    install: 'dnf -qy --releasever 9 check; dnf -qy --releasever 9 install first >/dev/null',
  },
  {
    manager: 'zypper',
    kernels: ['150500.53', '150500.55.7', '150500.55.12', '150500.55.19'],
    release: (kernel: string) => `5.14.21-${kernel}-default`,
    make: 'suse_kernel',
    packages: 'kernel-default-5.14.21-150500.53.1.noarch',
    needs: 'kernel-default = 5.14.21-150500.55.7.1',
    // what SUSE does not have
    only: 'mkdir -p /run/usr-bin/{upper,work}; mknod /run/usr-bin/upper/dnf c 0 0; mount -t overlay -o lowerdir=/usr/bin,upperdir=/run/usr-bin/upper,workdir=/run/usr-bin/work overlay /usr/bin;',
    install: 'zypper -n verify >/dev/null; zypper -n install first >/dev/null',
  },
])('$manager', ({ manager, kernels, release, make: builder, packages, needs, only, install }) => {
  const [oldest = '', older = '', before = '', newest = ''] = kernels.map(release);
  const rpms = async () => (await make('rpm -qa | sort')).split('\n');

  // The third runs, the newest waits for the reboot.
  beforeAll(() =>
    start(`echo '${before}' >/run/running; for kernel in ${kernels.join(' ')}; do ${builder} $kernel & done
      rpm_package kernel-tools 5.14.0 427.el9 '' "$(tree opt/kernel-tools 4)" & rpm_package first 1 1 '' "$(tree opt/tiny/first 4)" &
      rpm_package kmod-storage 1 1 'Requires: ${needs}' "$(tree opt/kmod 4)" & wait; cd $repositories/rpm
      rpm -i --nosignature kernel* 2>/dev/null; rm -r kernel* /run/trees /run/rpmbuild; for kernel in '${before}' '${newest}'; do head -c 1M /dev/zero >/boot/initramfs-$kernel.img; done
      serve_rpms; ${only} rm -f /run/installing`),
  );
  afterAll(async () => namespace.close());

  test('S11: the oldest goes, and what is of its version alone; no more once there is room; it works on', async () => {
    expect(await images()).toBe(`${kernels.map(release).toSorted().join(' ')}\n`);
    const installed = await rpms();
    const result = await repair(await one());
    expect(result).toMatchObject({
      result: 'changed',
      counts: { kernelsRemoved: 1 },
      changes: [{ what: 'kernel removed', release: oldest, packages }],
    });
    expect(result.evidence['oldKernels']).toBe(
      `6 MiB: ${oldest} ${older}; kept: ${newest} ${before}; running: ${before}`,
    );
    const left = await rpms();
    expect(installed.filter((name) => !left.includes(name)).join(' ')).toBe(packages);
    expect(await images()).toBe(`${[older, before, newest].toSorted().join(' ')}\n`);
    expect(await make(`${install}; ls /opt/tiny`)).toBe('first\n');
  });

  test('S11: a kernel that another package needs stays, and so does that package', async () => {
    await make('rpm -i --nosignature $repositories/rpm/kmod-storage-1-1.rpm');
    const installed = await rpms();
    const result = await repair();
    expect(counts(result)).toMatchObject({
      [`old kernels: ${older}: ${manager} would change others than its packages`]: 1,
    });
    expect(await rpms()).toEqual(installed);
  });
});
