import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { slices } from '../../../remedies/index.ts';
import type { Slice } from '../../../remedies/slice.ts';

const ROOT = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const fillsDisk = ({ detection }: Slice) => detection.groupBy[1] === 'path';

/** Boots an instance as an ordinary user (as nobody, where the test is root) and runs scripts in it. */
function asOrdinaryUser(...scripts: string[]): { userId: number; results: string[]; metrics: object; left: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'ordinary-user-'));
  try {
    if (process.getuid?.() === 0) chownSync(folder, 65_534, 65_534);
    chmodSync(folder, 0o755);
    cpSync(join(ROOT, 'sandbox/instance'), join(folder, 'instance'), { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const output = execFileSync(process.execPath, [join(import.meta.dirname, 'boot-as-user.ts'), folder], {
      input: JSON.stringify(scripts),
      encoding: 'utf8',
    });
    return { ...JSON.parse(output), left: readdirSync(folder) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('an ordinary user has the same instances as root, and the slices break them the same way', () => {
  const { userId, results, metrics, left } = asOrdinaryUser(
    'id -u; hostname; stat -c %u / /tmp /var/log; ps -e -o comm= | sort -u | head -n 2',
    'echo 3 >/proc/sys/vm/drop_caches && cat /run/sandbox-views/drop_caches',
    'echo 300 >/proc/sys/kernel/ns_last_pid; sleep 0 & echo $!',
    'echo x >/dev/null && head -c 2 /dev/zero | wc -c',
    'for path in /usr/x /etc/passwd; do if touch $path 2>/dev/null; then echo $path; fi; done; date -s 2020-01-01 2>&1 >/dev/null || :',
    'systemctl restart sshd && systemctl is-active sshd amazon-ssm-agent',
    // what fills the disk comes last: the others need some room for their programs
    ...slices
      .toSorted((one, other) => Number(fillsDisk(one)) - Number(fillsDisk(other)))
      .map(({ id }) => read(`remedies/${id}/break.sh`)),
    'pgrep -c batch-crunch',
    read('sandbox/tour/check-decoys.sh'),
    'exit 7',
  );
  expect(userId).not.toBe(0);
  expect(results).toEqual([
    '0\nordinary-1\n0\n0\n0\namazon-ssm-agen\nbash',
    '3',
    '301',
    '2',
    '/etc/passwd\ndate: cannot set date: Operation not permitted',
    'active\nactive',
    ...slices.map(() => expect.not.stringContaining('exit code')),
    '2',
    expect.stringMatching(/^(\d+) \1$/),
    'exit code 7: ',
  ]);
  expect(metrics).toMatchObject({
    disks: [
      { path: '/', fstype: 'tmpfs' },
      { path: '/data', usedPercent: 0 },
    ],
  });
  expect(left.toSorted()).toEqual(['instance', 'package.json']);
});
