import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../lib/config/config.ts';
import { until } from '../../scenarios/until.ts';
import { FIRST, type KeptInstance, OPTED_IN, startKeptInstance } from './kept-instance.ts';

const restarting = (...units: string[]): Config => ({
  keep: { first: FIRST },
  services: units.map((unit) => ({ unit, restartsOnHost: true })),
});

describe('services that systemd restarts by itself', () => {
  let instance: KeptInstance;
  beforeAll(async () => {
    instance = await startKeptInstance();
  });
  afterAll(() => instance.close());

  /** Starts a unit of these lines, as a team would have it. */
  const unit = (name: string, lines: readonly string[] = ['ExecStart=/usr/bin/sleep infinity']) =>
    instance.ask(
      'printf "[Service]\n$LINES\n" >"/etc/systemd/system/$NAME"; systemctl daemon-reload; systemctl restart "$NAME"',
      {
        NAME: name,
        LINES: lines.join('\n'),
      },
    );
  const show = async (name: string, ...properties: string[]) =>
    (await instance.ask(`systemctl show -p ${properties.join(',')} ${name}`)).trim().split('\n').toSorted();
  const dropIns = () => instance.ask('ls -d /etc/systemd/system/*.d/50-self-healing.conf 2>/dev/null || :');

  test('a service that died is running again within seconds, and nothing was restarted to get there', async () => {
    await unit('orders.service');
    const [before] = await show('orders', 'MainPID');
    expect(await instance.keep(restarting('orders.service'), 'yes')).toEqual({
      code: 0,
      stdout:
        'measurements: nothing to do\nballast: nothing to do\nrestarts: wrote /etc/systemd/system/orders.service.d/50-self-healing.conf\n',
      stderr: '',
    });
    expect(await show('orders', 'MainPID', 'Restart', 'NRestarts', 'StartLimitBurst')).toEqual([
      before,
      'NRestarts=0',
      'Restart=on-failure',
      'StartLimitBurst=5',
    ]);
    await instance.ask('systemctl kill -s KILL orders');
    await until(
      'it runs again',
      async () => (await show('orders', 'NRestarts', 'SubState')).join() === 'NRestarts=1,SubState=running',
      10,
    );
    expect(await show('orders', 'MainPID')).not.toEqual([before]);
  });

  test('how often it was restarted is measured: once each, by unit', async () => {
    const script = readFileSync(join(import.meta.dirname, '../../../lib/kept/on-instance/restarts-on-host.sh'), 'utf8');
    const measured = () => instance.run(script, { SSM_Units: 'none.service orders.service calm.service' });
    await unit('orders.service');
    await unit('calm.service');
    await instance.keep(restarting('orders.service'));
    await instance.ask('rm -f /run/restarts-on-host');
    const fresh = Number(await instance.ask('read -r up _ </proc/uptime; echo "${up%.*}"')) < 600;
    await instance.ask('systemctl kill -s KILL orders');
    const restarts = async (count: number) =>
      until('it was restarted', async () => (await show('orders', 'NRestarts')).join() === `NRestarts=${count}`, 10);
    await restarts(1);
    // without a reading of before, only what an instance did since it booted is new
    expect((await measured()).stdout).toBe(`${fresh ? 1 : 0} orders.service\n0 calm.service\n`);
    expect((await measured()).stdout).toBe('0 orders.service\n0 calm.service\n');
    await instance.ask('systemctl kill -s KILL orders');
    await restarts(2);
    expect((await measured()).stdout).toBe('1 orders.service\n0 calm.service\n');
    // a start by hand makes systemd count anew
    await instance.ask('systemctl restart orders');
    expect((await measured()).stdout).toBe('0 orders.service\n0 calm.service\n');
    await instance.ask('systemctl kill -s KILL orders');
    await restarts(1);
    expect((await measured()).stdout).toBe('1 orders.service\n0 calm.service\n');
    expect(await instance.run(script, { SSM_Units: 'none.service' })).toMatchObject({ code: 1, stdout: '' });
  });

  test('a second run changes nothing, and has systemd load nothing anew', async () => {
    const config = restarting('orders.service');
    await instance.keep(config);
    const before = await instance.ask(
      'stat -c "%i %Y" /etc/systemd/system/*.d/50-self-healing.conf; systemctl show -p UnitsLoadTimestampMonotonic',
    );
    expect(await instance.keep(config)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('restarts: nothing to do\n'),
    });
    expect(
      await instance.ask(
        'stat -c "%i %Y" /etc/systemd/system/*.d/50-self-healing.conf; systemctl show -p UnitsLoadTimestampMonotonic',
      ),
    ).toBe(before);
  });

  test('S27: what a person stops stays stopped', async () => {
    await unit('orders.service');
    await instance.keep(restarting('orders.service'));
    await instance.ask('systemctl stop orders; sleep 1.5');
    expect(await show('orders', 'ActiveState', 'NRestarts')).toEqual(['ActiveState=inactive', 'NRestarts=0']);
  });

  test('S24: a crash loop ends after five starts, and is left to the alarm', async () => {
    await instance.keep(restarting('crashes.service'));
    await unit('crashes.service', ['ExecStart=/usr/bin/sh -c "sleep 0.1; exit 3"']);
    await instance.keep(restarting('crashes.service'));
    await instance.ask('systemctl stop crashes; systemctl reset-failed crashes; systemctl start crashes');
    await until(
      'systemd has given up',
      async () => (await show('crashes', 'ActiveState')).join() === 'ActiveState=failed',
      30,
    );
    expect(await show('crashes', 'Result', 'NRestarts')).toEqual(['NRestarts=5', 'Result=exit-code']);
  });

  test.each([
    ['Restart=always', ['Restart=always']],
    ['Restart=no', ['  Restart = no']],
    ['StartLimitBurst=0', ['[Unit]', 'StartLimitBurst=0']],
    ['RestartSec=5min', ['RestartSec=5min']],
  ])('a unit that says %s itself is left as it is, also where it says so only later', async (shown, lines) => {
    const config = restarting('own.service');
    await unit('own.service');
    await instance.keep(config);
    expect(await show('own', 'Restart')).toEqual(['Restart=on-failure']);
    await unit('own.service', ['ExecStart=/usr/bin/sleep infinity', ...lines]);
    const { code, stdout } = await instance.keep(config);
    expect([code, stdout.split('\n').slice(2)]).toEqual([
      0,
      [
        'restarts: took away /etc/systemd/system/own.service.d/50-self-healing.conf',
        `restarts: own.service: its own files say how it is restarted: ${shown}`,
        '',
      ],
    ]);
    expect(await show('own', 'Restart')).not.toEqual(['Restart=on-failure']);
  });

  test("a team's own drop-in counts as the unit's, and is not touched", async () => {
    await unit('own.service');
    await instance.ask(
      'mkdir -p /etc/systemd/system/own.service.d; printf "[Service]\\nRestart=on-abort\\n" >/etc/systemd/system/own.service.d/10-team.conf; systemctl daemon-reload',
    );
    await instance.keep(restarting('own.service'));
    expect(await show('own', 'Restart')).toEqual(['Restart=on-abort']);
    expect(await instance.ask('ls /etc/systemd/system/own.service.d')).toBe('10-team.conf\n');
    await instance.ask('rm -r /etc/systemd/system/own.service.d');
  });

  test('what is not here, and what runs once, is left as it is, and stops no other (S25)', async () => {
    await unit('once.service', ['Type=oneshot', 'ExecStart=/usr/bin/true']);
    await unit('orders.service');
    const { code, stdout } = await instance.keep(restarting('none.service', 'once.service', 'orders.service'));
    expect(code).toBe(0);
    expect(stdout).toContain(
      'restarts: none.service: no such unit here\nrestarts: once.service: it runs once and ends (oneshot)\n',
    );
    expect(await dropIns()).toBe('/etc/systemd/system/orders.service.d/50-self-healing.conf\n');
  });

  test('one that is wanted no more goes, and systemd restarts the service no more', async () => {
    await unit('orders.service');
    await instance.keep(restarting('orders.service'));
    const [before] = await show('orders', 'MainPID');
    expect((await instance.keep({ keep: { first: FIRST } })).stdout).toContain(
      'restarts: took away /etc/systemd/system/orders.service.d/50-self-healing.conf\n',
    );
    expect(await instance.ask('ls -d /etc/systemd/system/orders.service.d 2>&1 || :')).toContain('No such file');
    expect(await show('orders', 'MainPID', 'Restart')).toEqual([before, 'Restart=no']);
  });

  test('S23: a file of that name that is not ours stays, also where none is wanted', async () => {
    await unit('orders.service');
    const path = '/etc/systemd/system/orders.service.d/50-self-healing.conf';
    await instance.ask(`mkdir -p ${path.replace(/\/[^/]*$/, '')}; printf '# mine\\n' >${path}`);
    expect(await instance.keep(restarting('orders.service'))).toMatchObject({
      code: 1,
      stderr: `${path} is there, and is not ours\nnot kept: restarts\n`,
    });
    expect(await instance.keep(restarting())).toMatchObject({ code: 0 });
    expect(await instance.ask(`cat ${path}; rm ${path}`)).toBe('# mine\n');
  });

  test('S26: an instance that is opted out gets none', async () => {
    await unit('orders.service');
    instance.tags = { ...OPTED_IN, 'self-healing:opt-out': '' };
    expect(await instance.keep(restarting('orders.service'))).toMatchObject({
      code: 0,
      stdout: 'left alone: it is opted out by its tag self-healing:opt-out\n',
    });
    expect(await dropIns()).toBe('');
    instance.tags = OPTED_IN;
  });
});
