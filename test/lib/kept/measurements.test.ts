import type { Config } from '../../../lib/config/config.ts';
import { remediesOf } from '../../../lib/config/remedies-of.ts';
import { measurementsOf } from '../../../lib/kept/measurements.ts';
import { until } from '../../scenarios/until.ts';
import { queueStuck, remedyFolder } from '../config/own-slice.ts';
import { FIRST, type KeptInstance, OPTED_IN, startKeptInstance, startStatsd } from './kept-instance.ts';

const UNITS = '/etc/systemd/system/self-healing-measure';
const PROGRAMS = '/usr/local/lib/self-healing';

/** A configuration whose one measurement is this script. */
const measuring = (script: string, port: number, part?: 'service'): Config => {
  const groupBy = part === undefined ? (['InstanceId'] as const) : (['InstanceId', part] as const);
  const detection = { ...queueStuck.detection, groupBy, dimensions: [...groupBy, 'metric_type'] };
  return {
    ownRemedies: {
      folder: remedyFolder({ 'measure.sh': `#!/usr/bin/env bash\n${script}\n` }),
      slices: [{ ...queueStuck, detection }],
    },
    keep: { first: FIRST, measurements: { port } },
  };
};

describe('the timer that measures, by a real systemd', () => {
  let instance: KeptInstance;
  let statsd: Awaited<ReturnType<typeof startStatsd>>;
  beforeAll(async () => {
    instance = await startKeptInstance();
    statsd = await startStatsd();
    // started by the tests alone, and as often as they like
    await instance.ask(
      `mkdir ${UNITS}.timer.d ${UNITS}.service.d; printf '[Timer]\\nOnCalendar=\\nOnCalendar=2099-01-01\\n' >${UNITS}.timer.d/test.conf
      printf '[Unit]\\nStartLimitIntervalSec=0\\n' >${UNITS}.service.d/test.conf`,
    );
  });
  afterAll(async () => {
    await instance.close();
    await statsd.close();
  });

  const files = () =>
    instance.ask(
      `find ${PROGRAMS} ${UNITS}.service ${UNITS}.timer -type f -printf '%p %i %T@ ' -exec sha256sum {} \\; 2>/dev/null | sort`,
    );
  /** Runs the service once, as the timer does; what its journal says of that run, and what reached the agent. */
  const once = async (): Promise<{ said: string; came: string[] }> => {
    statsd.came.length = 0;
    // what was sent on loopback stands in the socket's queue once the sender has ended; a marker behind it shows that it was read
    const said = await instance.ask(
      `systemctl start self-healing-measure || :; journalctl --sync
      journalctl -q -o cat -t self-healing-measure --cursor-file=/run/cursor; printf end >/dev/udp/127.0.0.1/${statsd.port}`,
    );
    await until('the marker came', () => statsd.came.includes('end'));
    return { said, came: statsd.came.slice(0, statsd.came.indexOf('end')) };
  };
  // the system's own measurements are kept there too
  const isOfQueue = (line: string) => line.startsWith('queue_stuck');
  const put = async (script: string, part?: 'service') => {
    expect(await instance.keep(measuring(script, statsd.port, part))).toMatchObject({ code: 0 });
    const { said, came } = await once();
    return {
      said: said
        .split('\n')
        .filter((line) => line.startsWith('queue_stuck'))
        .join('\n'),
      came: came.filter(isOfQueue),
    };
  };

  test('it is put there, runs every minute and after a boot, and what it puts is what the scripts print', async () => {
    const { said, came } = await put('echo 7');
    expect(came).toEqual(['queue_stuck:7|g\n']);
    expect(said).toBe('queue_stuck: 1 put');
    expect(await instance.ask('systemctl is-enabled self-healing-measure.timer')).toBe('enabled\n');
    expect(await instance.ask('systemctl show --value -p NextElapseUSecRealtime self-healing-measure.timer')).not.toBe(
      '\n',
    );
  });

  test('a second run changes nothing', async () => {
    const config = measuring('echo 7', statsd.port);
    await instance.keep(config);
    const before = await files();
    expect(before).toContain(`${PROGRAMS}/measure/queue_stuck `);
    expect(await instance.keep(config, 'yes')).toEqual({
      code: 0,
      stdout: 'measurements: nothing to do\nballast: nothing to do\nrestarts: nothing to do\n',
      stderr: '',
    });
    expect(await files()).toBe(before);
  });

  test("a part is the value's tag, and the remedy's settings are in the script's environment", async () => {
    const { came } = await put('printf "%s orders.service\\n0 mail@x.service\\n" "$SSM_ThresholdCount"', 'service');
    expect(came).toEqual(['queue_stuck:3|g|#service:orders.service\n', 'queue_stuck:0|g|#service:mail@x.service\n']);
  });

  test('S29: what fails, hangs or prints anything else gives no value: missing data never counts as recovered', async () => {
    const none: [string, RegExp, 'service'?][] = [
      ['echo 7; exit 1', /ended with 1/],
      ['echo 7; kill -KILL $$', /ended with 137/],
      ['echo 7.5', /line 1 is none/],
      ['echo "-7"', /line 1 is none/],
      ['printf "7\\nmore:1|c\\n"', /line 2 is none/],
      ['echo 7 orders', /line 1 is none/],
      ['echo 7', /line 1 is none/, 'service'],
      ['echo "7 a|#b:c"', /line 1 is none/, 'service'],
      ['for i in {1..51}; do echo "1 a$i"; done', /51 parts, at most 50/, 'service'],
      ['yes 7', /ended with/],
      [':', /0 put/],
    ];
    for (const [script, why, part] of none) {
      const { said, came } = await put(script, part);
      expect([script, came]).toEqual([script, []]);
      expect(said).toMatch(why);
    }
  });

  test('it can see everything and change nothing but a folder of its own', async () => {
    const { came } = await put(
      `[[ $(stat -L -c %s /proc/1/exe) -gt 0 && $(</etc/shadow) == secret && $(systemctl is-active basic.target) == active ]]
      for path in /etc/x /usr/local/lib/x /var/lib/x /srv/x /tmp/x /run/x /root/x; do if : >$path; then exit 1; fi; done
      : >"$TMPDIR/kept"; cat <<<here >/dev/null; kill -TERM "$(systemctl show --value -p MainPID victim)" 2>/dev/null || echo 1`,
    );
    expect(came).toEqual([]);
    await instance.ask(
      "printf secret >/etc/shadow; chmod 000 /etc/shadow; printf '[Service]\\nUser=nobody\\nExecStart=/usr/bin/sleep infinity\\n' >/etc/systemd/system/victim.service; systemctl daemon-reload; systemctl start victim",
    );
    expect((await once()).came.filter(isOfQueue)).toEqual(['queue_stuck:1|g\n']);
    expect(await instance.ask('systemctl is-active victim')).toBe('active\n');
  });

  test("the system's own measurements find there what they find outside", async () => {
    await instance.ask(
      "printf '[Service]\\nExecStart=/usr/bin/sleep infinity\\n' >/etc/systemd/system/well.service; systemctl daemon-reload; systemctl start well",
    );
    const config: Config = {
      keep: { first: FIRST, measurements: { port: statsd.port } },
      // one that runs, and one that runs and whose port nobody has
      services: [{ unit: 'well.service' }, { unit: 'systemd-journald.service', probe: { tcp: 1 } }],
    };
    const own = measurementsOf(remediesOf(config), config);
    await instance.keep(config);
    const outside = await Promise.all(
      own.map(async ({ metricName, partDimension = '-', script, environment }) => {
        const lines = (await instance.run(script, environment)).stdout.trim().split('\n');
        return lines
          .filter((line) => line !== '')
          .map((line) => {
            const [value = '', part] = line.split(' ');
            return `${metricName}:${value}|g${part === undefined ? '' : `|#${partDimension}:${part}`}\n`;
          });
      }),
    );
    expect(outside.flat()).toEqual(
      expect.arrayContaining([
        'inodes_used_percent:0|g|#path:/\n',
        'service_down:0|g|#service:well.service\n',
        'service_down:1|g|#service:systemd-journald.service\n',
      ]),
    );
    expect((await once()).came.toSorted()).toEqual(outside.flat().toSorted());
  });

  test('where nothing takes the values the service fails, and says what to look for', async () => {
    await instance.keep(measuring('echo 7', 1025));
    expect((await once()).said).toContain(
      'nothing takes values at 127.0.0.1:1025: does the CloudWatch agent run, by a configuration with statsd?\n',
    );
    expect(await instance.ask('systemctl show --value -p Result self-healing-measure')).toBe('exit-code\n');
  });

  test('a script that is wanted no more goes, and a file that is not ours in that folder stays', async () => {
    await put('echo 7');
    await instance.ask(
      `cp ${PROGRAMS}/measure/queue_stuck ${PROGRAMS}/measure/older; echo x >${PROGRAMS}/measure/foreign`,
    );
    await put('echo 7');
    expect((await instance.ask(`ls ${PROGRAMS}/measure`)).split('\n')).toEqual(
      expect.arrayContaining(['foreign', 'list', 'queue_stuck']),
    );
    expect(await instance.ask(`ls ${PROGRAMS}/measure/older 2>&1 || :`)).toContain('No such file');
  });

  test('what was changed or stopped by hand is put back', async () => {
    await put('echo 7');
    const before = await instance.ask(`cat ${PROGRAMS}/run-measurements ${UNITS}.service`);
    await instance.ask(
      `echo x >>${PROGRAMS}/run-measurements; echo Nice=1 >>${UNITS}.service; systemctl disable --now self-healing-measure.timer`,
    );
    await put('echo 7');
    expect(await instance.ask(`cat ${PROGRAMS}/run-measurements ${UNITS}.service`)).toBe(before);
    expect(await instance.ask('systemctl is-enabled self-healing-measure.timer')).toBe('enabled\n');
    expect(await instance.ask('systemctl is-active self-healing-measure.timer')).toBe('active\n');
  });

  describe('S26: an instance whose tags do not allow it is left as it is', () => {
    afterAll(() => {
      instance.tags = OPTED_IN;
    });
    test.each([
      [{ ...OPTED_IN, 'self-healing:opt-out': '' }, 'it is opted out by its tag self-healing:opt-out'],
      [{ 'self-healing:stack': 'other' }, 'its tag self-healing:stack does not name fleet'],
      [undefined, 'its tags cannot be read in its metadata: '],
    ])('%j', async (tags, why) => {
      const before = await files();
      instance.tags = tags;
      const config = measuring('echo 8', statsd.port);
      expect(await instance.keep(config)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(`^left alone: ${why}`),
      });
      // the first instance is there to prove the roll-out
      expect(await instance.keep(config, 'yes')).toMatchObject({ code: 1 });
      expect(await files()).toBe(before);
    });
  });

  describe('S23: what is not ours is left as it is, and the run fails', () => {
    test.each([
      ['a unit', `${UNITS}.timer`, 'printf "[Timer]\\nOnCalendar=daily\\n"'],
      ['a link', `${PROGRAMS}/run-measurements`, ''],
    ])('%s', async (_, path, make) => {
      await put('echo 7');
      await instance.ask(make === '' ? `ln -sf /etc/passwd ${path}` : `rm ${path}; ${make} >${path}`);
      const before = await files();
      const passwd = await instance.ask('cat /etc/passwd');
      expect(await instance.keep(measuring('echo 7', statsd.port))).toMatchObject({
        code: 1,
        stderr: `${path} is there, and is not ours\nnot kept: measurements\n`,
      });
      expect(await files()).toBe(before);
      expect(await instance.ask('cat /etc/passwd')).toBe(passwd);
      await instance.ask(`rm ${path}`);
    });

    test('a folder that others may write', async () => {
      await instance.ask(`chmod 777 ${PROGRAMS}/measure`);
      expect(await instance.keep(measuring('echo 7', statsd.port))).toMatchObject({
        code: 1,
        stderr: `${PROGRAMS}/measure is not a folder that only root can change\nnot kept: measurements\n`,
      });
      await instance.ask(`chmod 755 ${PROGRAMS}/measure`);
    });
  });

  test('where nothing is to be measured any more, nothing of it is left', async () => {
    await put('echo 7');
    await instance.ask(`rm ${PROGRAMS}/measure/foreign`);
    expect(await instance.keep({ keep: { first: FIRST } })).toMatchObject({ code: 0 });
    expect(await files()).toBe('');
    expect(await instance.ask('ls /usr/local/lib')).toBe('');
    expect(await instance.ask('systemctl list-unit-files "self-healing*" | tail -n 1')).toBe('0 unit files listed.\n');
  });

  test('S14: an SSM agent that hands no parameters over as environment is refused', async () => {
    expect(await instance.keep(measuring('echo 7', statsd.port), JSON.parse('""'))).toMatchObject({ code: 65 });
  });
});
