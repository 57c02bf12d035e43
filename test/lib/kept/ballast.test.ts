import type { Config } from '../../../lib/config/config.ts';
import { FIRST, type KeptInstance, OPTED_IN, startKeptInstance } from './kept-instance.ts';

const BALLAST = '/var/lib/self-healing/ballast';
const wanting = (mebibytes: number): Config => ({ keep: { first: FIRST, ballast: { mebibytes } } });

describe('the ballast', () => {
  let instance: KeptInstance;
  beforeAll(async () => {
    instance = await startKeptInstance(1024);
    // asked by the tests alone, and as often as they like
    await instance.ask(
      `cd /etc/systemd/system; mkdir self-healing-ballast.timer.d self-healing-ballast.service.d
      printf '[Timer]\\nOnCalendar=\\nOnCalendar=2099-01-01\\n' >self-healing-ballast.timer.d/test.conf
      printf '[Unit]\\nStartLimitIntervalSec=0\\n' >self-healing-ballast.service.d/test.conf`,
    );
  });
  afterEach(async () => {
    await instance.ask('rm -rf /var/lib/self-healing /var/lib/fill* /run/self-healing');
    instance.tags = OPTED_IN;
  });
  afterAll(() => instance.close());

  const keep = async (mebibytes: number) =>
    (await instance.keep(wanting(mebibytes))).stdout
      .split('\n')
      .filter(
        (line) =>
          line.startsWith('ballast: ') &&
          !line.includes('.timer') &&
          !line.includes('.service') &&
          !line.includes('/give-up'),
      );
  /** Its size and what is set aside for it, in MiB. */
  const held = async () => (await instance.ask(`stat -c '%s %b %a %u %h' ${BALLAST} 2>/dev/null || echo none`)).trim();
  /** Fills the disk until so many of its 1024 MiB are left to everybody. */
  const leave = (mebibytes: number) =>
    instance.ask(`fallocate -l $(($(df -B1 --output=avail / | tail -n 1) - ${mebibytes << 20})) /var/lib/fill$RANDOM`);
  const MIB_16 = '16777216 32768 600 0 1';

  test('is set aside for root alone, and a second run changes nothing', async () => {
    expect(await keep(16)).toEqual([`ballast: wrote ${BALLAST}`]);
    expect(await held()).toBe(MIB_16);
    const before = await instance.ask(`stat -c '%i %Z' ${BALLAST}`);
    expect(await keep(16)).toEqual(['ballast: nothing to do']);
    expect(await instance.ask(`stat -c '%i %Z' ${BALLAST}`)).toBe(before);
  });

  test('never takes more than a fiftieth of the disk', async () => {
    await keep(4096);
    expect(await held()).toBe(`${20 << 20} ${(20 << 20) / 512} 600 0 1`);
  });

  test('another size is another file', async () => {
    await keep(20);
    expect(await keep(16)).toEqual([`ballast: wrote ${BALLAST}`]);
    expect(await held()).toBe(MIB_16);
  });

  test('is not made where with it the disk would be nearly as full as when it is given up; and then, once there is room', async () => {
    await leave(160);
    expect(await keep(16)).toEqual(['ballast: no ballast of 16 MiB: with it the disk would be more than 85 % full']);
    expect(await held()).toBe('none');
    await instance.ask('rm /var/lib/fill*');
    expect(await keep(16)).toEqual([`ballast: wrote ${BALLAST}`]);
  });

  test('is not made while a remedy is acting', async () => {
    await instance.ask(
      'mkdir -m 700 /run/self-healing; setsid flock /run/self-healing/lock sleep 20 </dev/null >/dev/null 2>&1 & sleep 0.2',
    );
    expect(await keep(16)).toEqual(['ballast: the ballast is as it was: a remedy is acting']);
    expect(await held()).toBe('none');
    await instance.ask('fuser -k /run/self-healing/lock >/dev/null 2>&1 || pkill -x sleep');
  });

  describe('on the host', () => {
    const check = () =>
      instance.ask('systemctl start self-healing-ballast; systemctl show --value -p Result self-healing-ballast');

    test('is given up where less than a hundredth of the disk is left, so that commands arrive again', async () => {
      await keep(16);
      await leave(12);
      expect(await check()).toBe('success\n');
      expect(await held()).toBe(MIB_16);
      await leave(2);
      expect(await check()).toBe('success\n');
      expect(await held()).toBe('none');
      expect(Number(await instance.ask('df -B1M --output=avail / | tail -n 1'))).toBeGreaterThanOrEqual(18);
      expect(await instance.ask('cat /run/self-healing/ballast-given-up')).toMatch(
        /^16 MiB at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ\n$/,
      );
    });

    test.each([
      ['a link', `ln -s /srv/data ${BALLAST}`],
      ['a file with another name', `ln /srv/data ${BALLAST}`],
      ["somebody else's file", `cp /srv/data ${BALLAST}; chown nobody ${BALLAST}`],
      ['a file in a folder that others may read', `cp /srv/data ${BALLAST}; chmod 755 /var/lib/self-healing`],
      ['a folder', `mkdir ${BALLAST}`],
    ])(
      'S11: %s in its place is never deleted, neither when it is given up nor when it is wanted no more',
      async (_, make) => {
        await keep(16);
        await instance.ask(`rm ${BALLAST}; echo data >/srv/data; ${make}`);
        const before = await instance.ask(`stat -c '%F %i %s' ${BALLAST} /srv/data`);
        await leave(2);
        await check();
        expect(await instance.ask(`stat -c '%F %i %s' ${BALLAST} /srv/data`)).toBe(before);
        const { code, stderr } = await instance.keep(wanting(16));
        expect([code, stderr]).toEqual([
          1,
          expect.stringMatching(/(is there, and is not ours|is not a folder of root alone)\nnot kept: ballast\n$/),
        ]);
        await instance.keep({ keep: { first: FIRST } });
        expect(await instance.ask(`stat -c '%F %i %s' ${BALLAST} /srv/data`)).toBe(before);
      },
    );
  });

  test('where it is wanted no more, nothing of it is left', async () => {
    await keep(16);
    expect(await instance.keep({ keep: { first: FIRST } })).toMatchObject({ code: 0 });
    expect(await held()).toBe('none');
    expect(await instance.ask('ls /usr/local/lib; systemctl list-unit-files "self-healing*" | tail -n 1')).toBe(
      '0 unit files listed.\n',
    );
  });

  test('S26: an instance that is opted out gets none', async () => {
    instance.tags = { ...OPTED_IN, 'self-healing:opt-out': '' };
    expect(await instance.keep(wanting(16))).toMatchObject({
      code: 0,
      stdout: 'left alone: it is opted out by its tag self-healing:opt-out\n',
    });
    expect(await held()).toBe('none');
  });
});
