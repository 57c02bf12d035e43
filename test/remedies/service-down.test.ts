import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { bringSystemd, freePort, makeUnit } from './services.ts';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await startNamespace({});
  await bringSystemd(namespace);
});
afterAll(() => namespace.close());

const BROKEN =
  'unit=sandbox-ledger.service;unit=sandbox-orders.service,command=/srv/sandbox-services/orders-probe;unit=sandbox-mail.service';
const quick = { ProbeSeconds: '1', StartSeconds: '5', StableSeconds: '1' };
const check = (unit: string, services: string, more: Record<string, string> = {}) =>
  namespace.script('service-down', 'check', { ...quick, Service: unit, Services: services, ...more });
const run = (unit: string, services: string, more: Record<string, string> = {}, by = '') =>
  namespace.script('service-down', 'repair', { ...quick, Service: unit, Services: services, ...more }, by);
const repair = async (unit: string, services: string, more: Record<string, string> = {}): Promise<Result> =>
  readResult(await run(unit, services, more));
const measure = async (services: string, more: Record<string, string> = {}) =>
  (
    await namespace.ask('bash /given/remedies/service-down/measure.sh', {
      SSM_Services: services,
      SSM_ProbeSeconds: '1',
      ...more,
    })
  )
    .trim()
    .split('\n')
    .toSorted();
const mainPid = async (unit: string) => Number(await namespace.ask(`systemctl show --value -p MainPID ${unit}`));
const FOREVER = 'while :; do sleep 1000; done';

/** Restarts of former tests count no more. */
const forget = () => namespace.ask('rm -rf /run/self-healing/restarts');

describe('what break.sh makes', () => {
  beforeEach(forget);
  const spared = async () =>
    (
      await namespace.ask(`while read -r pid start name; do
        read -r -a stat </proc/$pid/stat; echo "$name $((stat[21] - start)) \${stat[2]/[RS]/alive}"
      done </run/sandbox-decoys-service-down`)
    ).trim();
  const ALL = 'sandbox-mail 0 alive\nsandbox-archive 0 alive\nsandbox-orders 0 alive';
  const ledger = (more = {}) => repair('sandbox-ledger.service', BROKEN, more);
  const orders = (more = {}) => repair('sandbox-orders.service', BROKEN, more);

  test('is found, healed and left alone, and the decoys are spared', async () => {
    expect(await measure(BROKEN)).toEqual(['']);
    await namespace.script('service-down', 'break', {});
    await namespace.script('service-down', 'break', {});
    expect(await measure(BROKEN)).toEqual([
      '0 sandbox-mail.service',
      '1 sandbox-ledger.service',
      '1 sandbox-orders.service',
    ]);
    expect(await check('sandbox-ledger.service', BROKEN)).toEqual({
      code: 1,
      stdout: 'sandbox-ledger.service failed: signal, killed by signal 9\n',
      stderr: '',
    });
    expect(await check('sandbox-orders.service', BROKEN)).toEqual({
      code: 1,
      stdout: 'sandbox-orders.service runs, probe ended with 1\n',
      stderr: '',
    });
    expect(await check('sandbox-mail.service', BROKEN)).toMatchObject({ code: 0 });

    expect(await ledger()).toMatchObject({
      result: 'changed',
      summary: 'sandbox-ledger.service was restarted: runs, no probe',
      counts: { restarted: 1 },
      changes: [{ what: 'restarted', unit: 'sandbox-ledger.service' }],
      evidence: {
        symptom: 'sandbox-ledger.service failed: signal, killed by signal 9',
        stateBefore: 'failed (signal, last killed by signal 9), restarts by its manager: 0',
        journalBefore: ['sandbox-ledger.service: Main process exited, code=killed, status=9'],
      },
    });
    const hung = await mainPid('sandbox-orders');
    expect(await orders()).toMatchObject({
      result: 'changed',
      summary: 'sandbox-orders.service was restarted: runs, probe',
      changes: [{ what: 'restarted', unit: 'sandbox-orders.service' }],
      evidence: { stateBefore: 'running (success), restarts by its manager: 0' },
    });
    expect(await mainPid('sandbox-orders')).not.toBe(hung);
    for (const unit of ['sandbox-ledger.service', 'sandbox-orders.service']) {
      expect(await check(unit, BROKEN)).toMatchObject({ code: 0 });
      const before = await mainPid(unit);
      expect(await repair(unit, BROKEN)).toMatchObject({ result: 'already-healthy', changes: [] });
      expect(await mainPid(unit)).toBe(before);
    }
    expect(await measure(BROKEN)).toEqual([
      '0 sandbox-ledger.service',
      '0 sandbox-mail.service',
      '0 sandbox-orders.service',
    ]);
    expect(await spared()).toBe(ALL);
  });

  // its sleep in the middle of watching whether it stays up, and systemctl's own while it restarts
  test.each(['sleep', 'systemctl restart'])('S22: killed at its %s and run again, it ends well', async (place) => {
    await namespace.script('service-down', 'break', {});
    const [program = '', word = ''] = place.split(' ');
    await namespace.ask(`mkdir -p /run/deadly; cat >/run/deadly/${program} <<'END'
#!/bin/bash
if [[ "$*" == *"${word}"* ]]; then for ((pid = PPID; pid > 1; pid = parent)); do
  read -r _ _ _ parent _ <<<"$(sed 's/(.*) /x /' /proc/$pid/stat)"
  grep -q repair.sh /proc/$pid/cmdline && kill -9 $pid
done; fi
exec $(PATH=/given/bin:/usr/bin type -P ${program}) "$@"
END
      chmod +x /run/deadly/${program}`);
    const first = await run('sandbox-ledger.service', BROKEN, {}, 'env PATH=/run/deadly:/given/bin:/usr/bin');
    expect(first).toMatchObject({ code: -1, stdout: '' });
    await namespace.ask('rm -r /run/deadly');
    expect(['changed', 'already-healthy']).toContain((await ledger()).result);
    expect(await check('sandbox-ledger.service', BROKEN)).toMatchObject({ code: 0 });
    expect(await spared()).toBe(ALL);
  });

  test('S21: of two attempts at once one works and the other says busy', async () => {
    await namespace.script('service-down', 'break', {});
    await namespace.ask(`mkdir -p /run/slow; cat >/run/slow/sleep <<'END'
#!/bin/bash
: >/run/looking; until [[ -e /run/go ]]; do /usr/bin/sleep 0.05; done
exec /usr/bin/sleep "$1"
END
    chmod +x /run/slow/sleep`);
    const first = run(
      'sandbox-ledger.service',
      BROKEN,
      { AttemptId: 'first' },
      'env PATH=/run/slow:/given/bin:/usr/bin',
    );
    await namespace.ask('until [[ -e /run/looking ]]; do /usr/bin/sleep 0.05; done');
    const before = await mainPid('sandbox-orders');
    expect(await orders({ AttemptId: 'second' })).toMatchObject({
      result: 'busy',
      summary: 'first is acting on this instance',
    });
    expect(await mainPid('sandbox-orders')).toBe(before);
    await namespace.ask(': >/run/go');
    expect(readResult(await first).result).toBe('changed');
    await namespace.ask(
      'rm -rf /run/slow /run/go; systemctl stop sandbox-ledger sandbox-orders sandbox-mail sandbox-archive',
    );
  });
});

describe('a service that ends again', () => {
  test('S24: at each start is restarted so often as may be, and no more: a person gets what it wrote', async () => {
    await makeUnit(namespace, 'crashing', 'echo "cannot open the ledger"; exit 3');
    const services = 'unit=crashing.service';
    await namespace.ask(
      'systemctl start crashing; until [[ $(systemctl is-active crashing) == failed ]]; do sleep 0.05; done',
    );
    const starts = async () => Number(await namespace.ask('grep -c ledger /run/sandbox-units/crashing.log'));
    for (const times of [1, 2, 3]) {
      expect(await repair('crashing.service', services)).toMatchObject({
        result: 'changed',
        counts: { restarted: 1 },
        summary:
          'crashing.service failed: exit-code, exited 3; was restarted and is not well: failed: exit-code, exited 3',
        evidence: {
          stateAfter: 'failed (exit-code, last exited 3), restarts by its manager: 0',
          journalAfter: expect.arrayContaining(['cannot open the ledger']),
        },
      });
      expect(await starts()).toBe(times + 1);
      expect(await check('crashing.service', services)).toMatchObject({ code: 1 });
    }
    expect(await repair('crashing.service', services)).toMatchObject({
      result: 'nothing-to-do',
      changes: [],
      left: [{ why: 'was restarted 3 times within 60 min already', count: 1 }],
    });
    expect(await starts()).toBe(4);
  });

  test('within seconds, though it was well at first', async () => {
    await makeUnit(namespace, 'brief', 'exec 3<> <(:); read -t 1 -u 3; exit 4');
    await namespace.ask(
      'systemctl start brief; until [[ $(systemctl is-active brief) == failed ]]; do sleep 0.05; done',
    );
    expect(await repair('brief.service', 'unit=brief.service', { StableSeconds: '5' })).toMatchObject({
      result: 'changed',
      summary: 'brief.service failed: exit-code, exited 4; ended again within seconds of its restart',
    });
  });

  test('and ends well each time is not taken for one that a person stopped', async () => {
    await makeUnit(namespace, 'done', '[[ -e /run/done ]] || exit 1');
    await namespace.ask(
      'systemctl start done; until [[ $(systemctl is-active done) == failed ]]; do sleep 0.05; done; : >/run/done',
    );
    expect(await repair('done.service', 'unit=done.service')).toMatchObject({ result: 'changed' });
    expect(await check('done.service', 'unit=done.service')).toMatchObject({
      code: 1,
      stdout: 'done.service ended again after our restart\n',
    });
    expect(await repair('done.service', 'unit=done.service')).toMatchObject({ result: 'nothing-to-do', changes: [] });
  });

  test('S24: and is restarted all the time by its manager, is not restarted by us', async () => {
    await makeUnit(
      namespace,
      'looping',
      'exec 3<> <(:); read -t 0.3 -u 3; exit 5',
      'Restart=always\nStartLimitBurst=100000',
    );
    const services = 'unit=looping.service';
    await namespace.ask(
      'systemctl start looping; until (($(systemctl show --value -p NRestarts looping) >= 3)); do sleep 0.05; done',
    );
    // whether it is just there or about to be
    for (const _ of [1, 2, 3]) {
      expect(await measure(services)).toEqual(['1 looping.service']);
      expect(await check('looping.service', services)).toMatchObject({ code: 1 });
    }
    expect(await repair('looping.service', services)).toMatchObject({
      result: 'nothing-to-do',
      changes: [],
      left: [{ why: expect.stringMatching(/^its manager restarted it \d+ times already$/) }],
    });
    await namespace.ask('systemctl stop looping');
  });
});

describe('a port', () => {
  test('that somebody else took is told with who has it, and that one is left alone', async () => {
    const port = await freePort();
    const listen = `import socket, signal; s = socket.create_server(('127.0.0.1', ${port})); signal.pause()`;
    const taker = Number(
      await namespace.ask(
        'cp /usr/bin/python3 /srv/bin/taker; setsid /srv/bin/taker -c "$LISTEN" </dev/null >/dev/null 2>&1 & echo $!',
        {
          LISTEN: listen,
        },
      ),
    );
    await namespace.ask(`until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.05; done`);
    await makeUnit(namespace, 'listening', `/usr/bin/python3 -c "${listen}" 2>&1 || exit 1`);
    await namespace.ask(
      'systemctl start listening; until [[ $(systemctl is-active listening) == failed ]]; do sleep 0.05; done',
    );
    const services = `unit=listening.service,tcp=${port}`;
    const result = await repair('listening.service', services);
    expect(result).toMatchObject({
      result: 'changed',
      evidence: { portBefore: [`port ${port} is held by taker, pid ${taker}`] },
    });
    expect(result.summary).toMatch(
      /^listening\.service failed: exit-code, exited 1; (was restarted and is not well: |ended again )/,
    );
    expect(await namespace.ask(`cat /proc/${taker}/comm`)).toBe('taker\n');
    await namespace.ask(`kill ${taker}; while kill -0 ${taker} 2>/dev/null; do sleep 0.05; done`);
    expect(await repair('listening.service', services)).toMatchObject({
      result: 'changed',
      summary: `listening.service was restarted: runs, tcp ${port}`,
    });
    await namespace.ask('systemctl stop listening');
  });
});

describe('a service that was stopped', () => {
  test('is left so, unless it is to be restarted; never where its unit is disabled', async () => {
    await makeUnit(namespace, 'rested', FOREVER);
    const services = 'unit=rested.service';
    await namespace.ask('systemctl start rested; systemctl stop rested');
    expect(await check('rested.service', services)).toMatchObject({ code: 0, stdout: 'rested.service stopped\n' });
    expect(await measure(services)).toEqual(['0 rested.service']);
    const StoppedServices = 'restart';
    expect(await measure(services, { SSM_StoppedServices: StoppedServices })).toEqual(['1 rested.service']);
    expect(await check('rested.service', services, { StoppedServices })).toMatchObject({ code: 1 });
    await namespace.ask('echo UnitFileState=disabled >>/etc/sandbox-units/rested.service');
    expect(await measure(services, { SSM_StoppedServices: StoppedServices })).toEqual(['']);
    expect(await repair('rested.service', services, { StoppedServices })).toMatchObject({ result: 'already-healthy' });
    expect(await mainPid('rested')).toBe(0);
    await namespace.ask('sed -i /UnitFileState/d /etc/sandbox-units/rested.service');
    expect(await repair('rested.service', services, { StoppedServices })).toMatchObject({ result: 'changed' });
    expect(await mainPid('rested')).not.toBe(0);
    await namespace.ask('systemctl stop rested');
  });
});

describe('order', () => {
  const SERVICES =
    'unit=web.service,after=orders.service;unit=orders.service,command=/srv/bin/orders-probe,after=ledger.service,after=elsewhere.service;unit=ledger.service;unit=elsewhere.service';
  const fail = (...names: string[]) =>
    namespace.ask(`for name in ${names.join(' ')}; do
      systemctl start $name; kill -9 $(systemctl show --value -p MainPID $name)
      until [[ $(systemctl is-active $name) == failed ]]; do sleep 0.05; done; done`);
  beforeEach(async () => {
    await namespace.ask(
      'rm -rf /run/self-healing/restarts /run/no-ledger; systemctl reset-failed web orders ledger 2>/dev/null || true',
    );
    await makeUnit(namespace, 'web', FOREVER);
    await makeUnit(namespace, 'orders', FOREVER);
    await makeUnit(namespace, 'ledger', `[[ ! -e /run/no-ledger ]] || exit 1; ${FOREVER}`);
    // orders is well while ledger runs
    await namespace.ask(`printf '#!/bin/bash\nsystemctl is-active -q orders && systemctl is-active -q ledger\n' >/srv/bin/orders-probe
      chmod +x /srv/bin/orders-probe; systemctl start ledger orders web`);
  });

  test('what it comes after, at whatever remove, is restarted first', async () => {
    await fail('ledger', 'orders', 'web');
    const result = await repair('web.service', SERVICES);
    expect(result).toMatchObject({ result: 'changed', counts: { restarted: 3 } });
    expect(result.changes.map(({ unit }) => unit)).toEqual(['ledger.service', 'orders.service', 'web.service']);
  });

  test('what is well again once its dependency is back is not restarted itself', async () => {
    await fail('ledger');
    const before = await mainPid('orders');
    expect(await repair('orders.service', SERVICES)).toMatchObject({
      result: 'changed',
      summary: 'orders.service is well again by itself',
      changes: [{ what: 'restarted', unit: 'ledger.service' }],
    });
    expect(await mainPid('orders')).toBe(before);
  });

  test('one whose dependency does not come back is not restarted in vain', async () => {
    await fail('ledger', 'orders');
    await namespace.ask(': >/run/no-ledger');
    const result = await repair('orders.service', SERVICES);
    expect(result).toMatchObject({
      result: 'changed',
      summary:
        'orders.service was not restarted: it comes after ledger.service, which was restarted and is not well: failed: exit-code, exited 1',
    });
    expect(result.changes.map(({ unit }) => unit)).toEqual(['ledger.service']);
    expect(await mainPid('orders')).toBe(0);
  });

  test('a dependency that is protected is not restarted either, nor one that somebody stopped', async () => {
    await fail('ledger', 'orders');
    expect(await repair('orders.service', SERVICES, { Protected: 'unit=ledger*' })).toMatchObject({
      result: 'nothing-to-do',
      left: [{ why: 'its dependency ledger.service must not be restarted: protected' }],
    });
    await namespace.ask('systemctl stop ledger');
    expect(await repair('orders.service', SERVICES)).toMatchObject({
      result: 'nothing-to-do',
      left: [{ why: 'its dependency ledger.service is not well: stopped' }],
    });
    for (const name of ['ledger', 'orders']) expect(await mainPid(name)).toBe(0);
  });
});

describe('what must not be restarted', () => {
  test('S15: a service that is protected, or holds what is protected: its processes are the same as before', async () => {
    await makeUnit(namespace, 'vault', `(/srv/bin/keeper -c 'sleep 1000; :' & wait) & wait`);
    await namespace.ask(`cp /usr/bin/bash /srv/bin/keeper; printf '#!/bin/bash\nexit 1\n' >/srv/bin/never-well; chmod +x /srv/bin/never-well
      systemctl start vault; until pgrep -x keeper >/dev/null; do sleep 0.05; done`);
    const before = await mainPid('vault');
    const services = 'unit=vault.service,command=/srv/bin/never-well';
    for (const Protected of ['command=keeper', 'unit=vault.service', 'slice=system.slice']) {
      expect({ Protected, ...(await repair('vault.service', services, { Protected })) }).toMatchObject({
        Protected,
        result: 'nothing-to-do',
        summary: 'vault.service must not be restarted: protected',
        changes: [],
      });
    }
    expect(await mainPid('vault')).toBe(before);
    await namespace.ask('systemctl stop vault');
  });

  test('S15: a service that the configuration does not name: it is not even looked at', async () => {
    await makeUnit(namespace, 'unnamed', 'exit 1');
    expect(await check('unnamed.service', BROKEN)).toMatchObject({
      code: 2,
      stdout: 'unnamed.service is none of the configured services\n',
    });
    expect(await repair('unnamed.service', BROKEN)).toMatchObject({ result: 'unknown', reason: 'symptom-unknown' });
    expect(await namespace.ask('cat /run/sandbox-units/unnamed.starts 2>/dev/null || true')).toBe('');
  });

  test('what is not installed here, or cannot be asked, is unknown and puts no metric', async () => {
    expect(await measure('unit=nowhere.service')).toEqual(['']);
    expect(await check('nowhere.service', 'unit=nowhere.service')).toMatchObject({
      code: 2,
      stdout: 'nowhere.service not installed here\n',
    });
    await makeUnit(namespace, 'loose', FOREVER);
    await namespace.ask(
      'cp /usr/bin/false /srv/bin/loose-probe; chmod o+w /srv/bin/loose-probe; systemctl start loose',
    );
    const services = 'unit=loose.service,command=/srv/bin/loose-probe';
    const before = await mainPid('loose');
    expect(await measure(services)).toEqual(['']);
    expect(await check('loose.service', services)).toMatchObject({ code: 2 });
    expect(await repair('loose.service', services)).toMatchObject({ result: 'unknown' });
    expect(await mainPid('loose')).toBe(before);
    await namespace.ask('systemctl stop loose');
  });
});

test('S19: what came back meanwhile is not restarted', async () => {
  await makeUnit(namespace, 'back', FOREVER);
  await namespace.ask('systemctl start back');
  const before = await mainPid('back');
  expect(await repair('back.service', 'unit=back.service')).toMatchObject({ result: 'already-healthy', changes: [] });
  expect(await mainPid('back')).toBe(before);
  await namespace.ask('systemctl stop back');
});

test('S25: services that hang keep neither the measurement nor the repair of another', async () => {
  const hanging = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((number) => `hanging${number}`);
  for (const name of hanging) await makeUnit(namespace, name, FOREVER);
  await makeUnit(namespace, 'ended', `[[ -e /run/ended ]] || exit 1; ${FOREVER}`);
  await namespace.ask(`printf '#!/bin/bash\nsleep 1000\n' >/srv/bin/hangs; chmod +x /srv/bin/hangs
    systemctl start ${hanging.join(' ')} ended
    until [[ $(systemctl is-active ended) == failed ]]; do sleep 0.05; done; : >/run/ended`);
  const services = [...hanging.map((name) => `unit=${name}.service,command=/srv/bin/hangs`), 'unit=ended.service'].join(
    ';',
  );
  // one after the other they would take ten seconds
  const measured = await namespace.run('timeout -s KILL 8 bash /given/remedies/service-down/measure.sh', {
    SSM_Services: services,
    SSM_ProbeSeconds: '1',
  });
  expect(measured.code).toBe(0);
  expect(measured.stdout.trim().split('\n').toSorted()).toEqual(
    ['ended', ...hanging].map((name) => `1 ${name}.service`).toSorted(),
  );
  const before = await mainPid('hanging1');
  expect(await repair('ended.service', services)).toMatchObject({ result: 'changed', counts: { restarted: 1 } });
  expect(await mainPid('hanging1')).toBe(before);
  await namespace.ask(`systemctl stop ${hanging.join(' ')} ended`);
});

test('S31: a secret in the journal, in an argument or in the name of who has the port appears nowhere in what is said', async () => {
  const port = await freePort();
  const listen = `import socket, signal; s = socket.create_server(('127.0.0.1', ${port})); signal.pause()`;
  await namespace.ask(
    `cp /usr/bin/python3 '/srv/bin/token=hunter2'; setsid '/srv/bin/token=hunter2' -c "$LISTEN" --password=hunter2 </dev/null >/dev/null 2>&1 &
    until (exec 3<>/dev/tcp/127.0.0.1/${port}) 2>/dev/null; do sleep 0.05; done`,
    { LISTEN: listen },
  );
  const line = 'connecting to postgres://orders:hunter2@db/ with password=hunter2 \u001b[31m;$(id)';
  await makeUnit(namespace, 'telling', `printf '%s\\n' '${line}'; exit 1`);
  await namespace.ask(
    'systemctl start telling; until [[ $(systemctl is-active telling) == failed ]]; do sleep 0.05; done',
  );
  expect(await namespace.ask('journalctl -u telling')).toContain('hunter2');
  const seen = await check('telling.service', `unit=telling.service,tcp=${port}`);
  const { stdout, stderr } = await run('telling.service', `unit=telling.service,tcp=${port}`);
  expect(JSON.parse(stdout).evidence.journalBefore).toContainEqual(
    expect.stringContaining('connecting to postgres://orders:[redacted]@db/'),
  );
  expect(JSON.parse(stdout).evidence.portBefore).toHaveLength(1);
  expect(seen.stdout + stdout + stderr).not.toContain('hunter2');
  expect(stdout.trim()).toMatch(/^[\x20-\x7e]*$/);
  await namespace.ask("pkill -f 'token=hunter2'");
});

describe('names', () => {
  test('S14: of units are one word, whatever they are made of', async () => {
    for (const name of ['-p', 'a@b:c', '-.-@-']) {
      await makeUnit(namespace, name, FOREVER);
      const unit = `${name}.service`;
      expect(await check(unit, `unit=${unit}`)).toMatchObject({ code: 0, stdout: `${unit} stopped\n`, stderr: '' });
    }
  });

  test('S14: parameters that are not of their pattern are refused, and the check says unknown', async () => {
    await makeUnit(namespace, 'wrong', 'exit 1');
    await namespace.ask(
      'systemctl start wrong; until [[ $(systemctl is-active wrong) == failed ]]; do sleep 0.05; done',
    );
    const services = 'unit=wrong.service';
    const refused: Record<string, string>[] = [
      { Protected: 'command=a;$(id)' },
      { RestartSeconds: '0' },
      { StartSeconds: '5s' },
      { StableSeconds: '' },
    ];
    for (const parameter of refused) {
      const { result, reason } = await repair('wrong.service', services, parameter);
      expect({ parameter, result, reason }).toEqual({ parameter, result: 'refused', reason: 'bad-parameter' });
    }
    const unreadable: Record<string, string>[] = [
      { Service: 'wrong.service;reboot' },
      { Services: 'unit=wrong.service;' },
      { ProbeSeconds: '10' },
      { StoppedServices: 'stop' },
      { MaximumRestarts: '0' },
      { WindowMinutes: '1h' },
      { ThresholdCount: '2' },
    ];
    for (const parameter of unreadable) {
      expect(await check('wrong.service', services, parameter)).toMatchObject({
        code: 2,
        stdout: 'a parameter is not of its pattern\n',
      });
      const { result, reason } = await repair('wrong.service', services, parameter);
      expect({ parameter, result, reason }).toEqual({ parameter, result: 'unknown', reason: 'symptom-unknown' });
    }
    expect(await namespace.ask('wc -l </run/sandbox-units/wrong.starts')).toBe('1\n');
  });
});
