import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootInstance } from '../../../sandbox/instance/boot-instance.ts';
import { bootTestInstance, describeWithInstances } from './test-instance.ts';

describeWithInstances('an instance', () => {
  let made: Awaited<ReturnType<typeof bootTestInstance>>;
  beforeAll(async () => {
    made = await bootTestInstance();
  });
  afterAll(() => made.remove());

  test('has its own host name, processes, users and disks', async () => {
    expect(await made.run('hostname')).toBe('test-1');
    const processes = 'seen=$(ps -eo comm=); sort -u <<<"$seen" | tr "\\n" " "';
    expect(await made.run(processes)).toBe('amazon-ssm-agen bash ps sshd');
    expect(await made.run('getent passwd app | cut -d: -f3')).toBe('1001');
    expect(await made.run('df -BM --output=target,size,fstype / /data | tail -n 2 | tr -s " "')).toBe(
      '/ 64M tmpfs\n/data 32M tmpfs',
    );
    expect(await made.run('findmnt -no FSTYPE --target /var/log')).toBe('tmpfs');
  });

  test('can write to nothing of the machine', async () => {
    // But for the devices that everybody may write to, which a user's instance has from the machine.
    const writable = `awk '$6 ~ /(^|,)rw(,|$)/ && $5 !~ "^/dev/(null|zero|full|random|urandom|tty)$" {
      split($0, half, " - "); split(half[2], type, " "); print type[1] }'`;
    expect(await made.run(`${writable} /proc/self/mountinfo | sort -u | tr '\\n' ' '`)).toBe('proc tmpfs');
    const refused = 'grep -cE "Read-only|Permission denied"';
    expect(await made.run(`touch /usr/x /bin/x /proc/sys/vm/swappiness 2>&1 | ${refused}`)).toBe('3');
    expect(await made.run('date -s 2020-01-01 >/dev/null 2>&1 || echo refused')).toBe('refused');
  });

  test('records a wish to drop caches instead of doing it', async () => {
    expect(await made.run('echo 3 >/proc/sys/vm/drop_caches && cat /run/sandbox-views/drop_caches')).toBe('3');
  });

  test('runs commands in a clean environment, with what they are given', async () => {
    const command = ['bash', '-c', 'echo "$HOME $PWD $SSM_Word"; cat; exit 7'];
    expect(await made.instance.exec({ command, environment: { SSM_Word: 'a b' }, stdin: 'in' })).toEqual({
      exitCode: 7,
      stdout: '/root / a b\nin',
      stderr: '',
      timedOut: false,
    });
    expect(await made.run('echo "$PATH"')).toBe(
      '/opt/sandbox/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    );
  });

  test('keeps no more output than asked for', async () => {
    const command = ['bash', '-c', 'seq 1 100000; echo end >&2'];
    expect(await made.instance.exec({ command, maximumOutputBytes: 4 })).toEqual({
      exitCode: 0,
      stdout: '1\n2\n',
      stderr: 'end\n',
      timedOut: false,
    });
  });

  test('kills the whole session of a command that takes too long', async () => {
    const command = ['bash', '-c', 'trap "" TERM; (sleep 4321 & sleep 4321) | cat'];
    expect(await made.instance.exec({ command, timeoutSeconds: 0.2 })).toEqual({
      exitCode: null,
      stdout: '',
      stderr: '',
      timedOut: true,
    });
    expect(await made.run('pgrep -c sleep')).toBe('0');
  });

  test('answers although a command left a process that holds its output open', async () => {
    expect(await made.run('sleep 4322 & echo started')).toBe('started');
    expect(await made.run('pkill -x sleep; sleep 0.05; ps -eo stat= | grep -c Z')).toBe('0');
  });

  test('stand-in services are started, found and restarted by systemctl', async () => {
    expect(await made.run('systemctl is-active sshd amazon-ssm-agent')).toBe('active\nactive');
    const script = `before=$(systemctl show -p MainPID --value sshd); systemctl restart sshd
      after=$(systemctl show -p MainPID --value sshd); [ "$before" != "$after" ] && systemctl whoami "$after"`;
    expect(await made.run(script)).toBe('sshd.service');
    expect(await made.run('systemctl stop sshd; systemctl is-active sshd; pgrep -c sshd')).toBe('inactive\n0');
    expect(await made.run('systemctl start no-such 2>&1; echo $?')).toContain('Unit no-such.service not found.\n5');
  });

  test('journalctl vacuums archived journals, oldest first, and never the active one', async () => {
    const script = `cd /var/log/journal/*/; head -c 1M /dev/zero >system.journal
      head -c 2M /dev/zero >system@1.journal; touch -d '2 days ago' system@1.journal; head -c 2M /dev/zero >'system@2 x.journal'
      journalctl --vacuum-size=4M 2>&1 | tail -n 1 | cut -d ' ' -f 1-4; ls`;
    expect(await made.run(script)).toBe('Vacuuming done, freed 2.0M\nsystem.journal\nsystem@2 x.journal');
  });

  test('a full disk is full, and the metrics say so', async () => {
    await made.run('head -c 24M /dev/zero >/data/big');
    const { disks } = await made.instance.metrics();
    expect(disks.map(({ path, fstype }) => [path, fstype])).toEqual([
      ['/', 'tmpfs'],
      ['/data', 'tmpfs'],
    ]);
    expect(disks[1]?.usedPercent).toBe(75);
    expect(await made.run('head -c 64M /dev/zero 2>/dev/null >/data/more; df --output=pcent /data | tail -n 1')).toBe(
      '100%',
    );
  });

  test('the memory of its processes is its own', async () => {
    const before = (await made.instance.metrics()).memoryUsedPercent;
    expect(before).toBeLessThan(5);
    const hog = made.instance.exec({
      command: ['bash', '-c', 'x=$(head -c 100M /dev/zero | tr "\\0" x); sleep 4323'],
      timeoutSeconds: 2,
    });
    let most = 0;
    while (most < 15) {
      most = (await made.instance.metrics()).memoryUsedPercent;
      if (await Promise.race([hog.then(() => true), new Promise((resolve) => setTimeout(resolve, 50, false))])) break;
    }
    expect(most).toBeGreaterThan(15);
    await hog;
  });
});

describeWithInstances('the end of an instance', () => {
  test('leaves no process and no mount, and commands are refused', async () => {
    const { instance, run, remove } = await bootTestInstance();
    const slow = instance.exec({ command: ['tail', '-f', '/dev/null'] });
    await run('until pgrep -x tail; do sleep 0.01; done');
    await remove();
    expect(instance.running).toBe(false);
    expect((await slow).exitCode).toBeNull();
    await expect(instance.exec({ command: ['true'] })).rejects.toThrow('instance i-0aaaaaaaaaaaaaaaa is not running');
    expect(await readFile('/proc/self/mountinfo', 'utf8')).not.toContain('/instance-');
    await instance.stop();
  });

  test('a boot that fails says why', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'instance-'));
    const options = { instanceId: 'i-1', hostname: 'x', folder, vcpus: 1, memoryMebibytes: 64, dataDiskMebibytes: 8 };
    await expect(bootInstance({ ...options, rootDiskMebibytes: -1 })).rejects.toThrow(
      'instance i-1 did not boot: mount:',
    );
    await rm(folder, { recursive: true });
  });
});
