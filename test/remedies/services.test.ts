import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Namespace, startNamespace } from './namespace.ts';
import { bringSystemd, freePort, makeUnit } from './services.ts';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await startNamespace({});
  await bringSystemd(namespace);
  await namespace.ask('mkdir -m 700 /run/self-healing');
});
afterAll(() => namespace.close());

/** Runs bash behind what stands before each script that takes services, as the document has it; what it prints. */
const behind = async (services: string, bash: string, more: Record<string, string> = {}): Promise<string> => {
  const shared = ['preamble', 'processes', 'services'].map((name) => `. /given/remedies/${name}.sh`).join('; ');
  const variables = { SSM_AttemptId: 'attempt', SSM_Services: services, SSM_ProbeSeconds: '1', ...more };
  return (await namespace.ask(`${shared}; ${bash}`, variables)).trim();
};
const ORDER = 'parse_services && echo "${service_units[*]-}" || echo refused';
const state = (services: string, unit: string) =>
  behind(services, `parse_services; read_service ${unit}; echo $service_state $service_result`);
const probe = (field: string) =>
  behind(`unit=a.service,${field}`, 'parse_services; c=0; probe_service a.service || c=$?; echo "$c $probe_seen"');
const restart = (services: string, unit: string, more: Record<string, string> = {}) =>
  behind(services, `parse_services; restart_service ${unit} 10; echo "$how|$why_not"`, more);
const mainPid = async (unit: string) => Number(await namespace.ask(`systemctl show --value -p MainPID ${unit}`));
const FOREVER = 'while :; do sleep 1000; done';

describe('the parameter', () => {
  test.each([
    ['', ''],
    ['unit=a.service', 'a.service'],
    [
      'unit=web.service,after=orders.service,after=ledger.service;unit=orders.service,memory=5,http=80/a/b,after=ledger.service;unit=ledger.service,control=/etc/init.d/ledger',
      'ledger.service orders.service web.service',
    ],
  ])('S14: %j gives the order in which services come back', async (services, order) => {
    expect(await behind(services, ORDER)).toBe(order);
  });

  test.each([
    'a.service',
    'unit=a',
    'unit=a.service;',
    'unit=a.service,',
    'unit=a.service,,tcp=1',
    'unit=a.service,http=$(id)',
    'unit=a b.service',
    'unit=a.service\nunit=b.service',
    'unit=a.service;unit=a.service',
    'unit=a.service,memory=0',
    'unit=a.service,control=bin/ctl',
    'unit=a.service,after=b.service',
    'unit=a.service,after=b.service;unit=b.service,after=a.service',
    `unit=${'a'.repeat(93)}.service`,
  ])('S14: %j is refused', async (services) => {
    expect(await behind(services, ORDER)).toBe('refused');
  });
});

describe('how a service is', () => {
  test('is told apart: running, failed, tried again by its manager, stopped, not installed', async () => {
    await makeUnit(namespace, 'well', FOREVER);
    await makeUnit(namespace, 'broken', 'exit 3');
    await makeUnit(namespace, 'again', 'exit 3', 'Restart=always\nRestartSec=1000');
    await makeUnit(namespace, 'idle', FOREVER);
    await namespace.ask(`systemctl start well broken again
      until [[ $(systemctl is-active broken again) == failed*activating ]]; do sleep 0.05; done`);
    expect(await state('unit=well.service', 'well.service')).toBe('running success');
    expect(await state('unit=broken.service', 'broken.service')).toBe('failed exit-code');
    expect(await state('unit=again.service', 'again.service')).toBe('failed exit-code');
    expect(await state('unit=idle.service', 'idle.service')).toBe('stopped success');
    expect(await state('unit=other.service', 'other.service')).toBe('absent success');
    await namespace.ask('systemctl stop well again');
  });

  test.each([
    ['running', 'running success'],
    ['ended', 'failed exit-code exited 3'],
    ['killed', 'failed signal killed by signal 9'],
    ['limit', 'failed exit-code exited 3'],
    ['waiting', 'failed exit-code exited 3, to be started again'],
    ['starting', 'starting success'],
    ['stopping', 'starting success'],
    ['stopped', 'stopped success'],
    ['finished', 'stopped success'],
    ['never', 'stopped success'],
    ['disabled', 'stopped success (disabled)'],
    ['masked', 'stopped success (masked)'],
    ['missing', 'absent success'],
  ])('is read as systemd itself tells it: %s', async (unit, told) => {
    const shown = readFileSync(join(import.meta.dirname, '../fixtures/systemd/show.txt'), 'utf8');
    const properties = shown.split('# ').find((one) => one.startsWith(`${unit}\n`));
    const asked = `systemctl() { [[ "$*" == *"-- ${unit}.service" ]] && printf %s "$SHOWN"; }; timeout() { "\${@:4}"; }
      read_service ${unit}.service; off=; [[ $service_enabled != disabled && $service_enabled != masked ]] || off=$service_enabled
      echo "$service_state $service_result\${service_exit:+ $service_exit}\${service_retried:+, to be started again}\${off:+ ($off)}"`;
    expect(await behind('', asked, { SHOWN: properties ?? '' })).toBe(told);
  });

  test('a manager that does not answer leaves it unknown', async () => {
    await namespace.ask(
      'mkdir /run/silent; printf "#!/bin/sh\\nexit 1\\n" >/run/silent/systemctl; chmod +x /run/silent/systemctl',
    );
    const asked =
      'PATH=/run/silent:$PATH; parse_services; read_service a.service; echo $service_state $service_problem';
    expect(await behind('unit=a.service', asked)).toBe('unknown systemd did not answer');
  });

  test('its processes are its main one, all below that, and those of its control group', async () => {
    await makeUnit(namespace, 'tree', '(sleep 1000 & wait) & setsid sleep 1000 & wait');
    const stranger = Number(await namespace.ask('setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!'));
    const grouped = Number(await namespace.ask('setsid sleep 1000 </dev/null >/dev/null 2>&1 & echo $!'));
    await namespace.ask(`echo 0::/system.slice/tree.service/inner >/run/cgroup; mount --bind /run/cgroup /proc/${grouped}/cgroup
      systemctl start tree; until (($(pgrep -c sleep) >= 4)); do sleep 0.05; done`);
    const main = await mainPid('tree');
    const listed = await behind(
      'unit=tree.service',
      'parse_services; read_service tree.service; service_processes tree.service; echo "${!service_pids[@]}"',
    );
    const pids = listed.split(' ').map(Number);
    expect(pids).toEqual(expect.arrayContaining([main, grouped]));
    expect(pids).toHaveLength(5);
    expect(pids).not.toContain(stranger);
    await namespace.ask(`systemctl stop tree; kill ${stranger} ${grouped}`);
  });
});

describe('a probe', () => {
  test('is well, or says what it got, in bounded time', async () => {
    const [served, free, mute] = [await freePort(), await freePort(), await freePort()];
    const server = `import http.server
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(int(self.path.split('/')[1])); self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer(('127.0.0.1', ${served}), Answer).serve_forever()`;
    const silent = `import socket, signal; s = socket.create_server(('127.0.0.1', ${mute})); signal.pause()`;
    const start = (script: string) =>
      namespace.ask(`setsid /usr/bin/python3 -c "$SCRIPT" </dev/null >/dev/null 2>&1 & echo $!`, { SCRIPT: script });
    const pids = [await start(server), await start(silent)];
    await namespace.ask(
      `for port in ${served} ${mute}; do until (exec 3<>/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.05; done; done`,
    );
    expect(await probe(`tcp=${served}`)).toBe(`0 tcp ${served}`);
    expect(await probe(`tcp=${free}`)).toBe(`1 tcp ${free} does not answer`);
    expect(await probe(`http=${served}/200`)).toBe(`0 http ${served} answered 200`);
    expect(await probe(`http=${served}/399/health`)).toBe(`0 http ${served} answered 399`);
    expect(await probe(`http=${served}/400`)).toBe(`1 http ${served} answered 400`);
    expect(await probe(`http=${served}/503`)).toBe(`1 http ${served} answered 503`);
    expect(await probe(`http=${free}/`)).toBe(`1 http ${free} does not answer`);
    expect(await probe(`http=${mute}/`)).toBe(`1 http ${mute} did not answer within 1 s`);
    await namespace.ask(`kill ${pids.map(Number).join(' ')}`);
  });

  test('by a program is what that ends with; one that others may write to is not run, and makes nothing unwell', async () => {
    await namespace.ask(`mkdir -p /srv/probes; cd /srv/probes
      for end in 'exit 0' 'exit 7' 'sleep 1000'; do printf '#!/bin/bash\\n: >/run/probed; %s\\n' "$end" >"\${end// /-}"; done
      cp exit-0 loose; cp exit-0 foreign; mkdir open; cp exit-0 open; chmod +x * open/*; chmod o+w loose open; chown 1 foreign`);
    expect(await probe('command=/srv/probes/exit-0')).toBe('0 probe');
    expect(await probe('command=/srv/probes/exit-7')).toBe('1 probe ended with 7');
    expect(await probe('command=/srv/probes/sleep-1000')).toBe('1 probe did not answer within 1 s');
    await namespace.ask('rm /run/probed');
    for (const path of ['loose', 'foreign', 'open/exit-0', 'none']) {
      expect(await probe(`command=/srv/probes/${path}`)).toBe("2 the probe is not root's alone, or cannot be run");
    }
    expect(await namespace.ask('ls /run/probed 2>&1 || true')).toContain('No such file');
  });
});

describe('a restart', () => {
  test('brings back what failed and reached its limit of starts', async () => {
    await makeUnit(namespace, 'limited', `[[ -e /run/well ]] || exit 1; ${FOREVER}`, 'Restart=always\nRestartSec=0');
    await namespace.ask(
      'systemctl start limited; until [[ $(systemctl is-active limited) == failed ]]; do sleep 0.05; done',
    );
    expect(await state('unit=limited.service', 'limited.service')).toBe('failed start-limit-hit');
    await namespace.ask(': >/run/well; ! systemctl restart limited 2>/dev/null');
    expect(await restart('unit=limited.service', 'limited.service')).toBe('restarted|');
    expect(await mainPid('limited')).toBeGreaterThan(1);
    await namespace.ask('systemctl stop limited');
  });

  test('through its own program where there is no systemd, which is stopped first and does not inherit our lock', async () => {
    await namespace.ask(`rmdir /run/systemd/system; mkdir -p /srv/init; cat >/srv/init/ledger <<'END'
#!/bin/bash
echo "$1" >>/run/asked
case $1 in
start) : >/run/ledger-runs; setsid sleep 1000 </dev/null >/dev/null 2>&1 & ;;
stop) rm -f /run/ledger-runs ;;
status) [[ -e /run/ledger-runs ]] || exit 3 ;;
esac
END
    chmod +x /srv/init/ledger`);
    const services = 'unit=ledger.service,control=/srv/init/ledger';
    expect(await state(services, 'ledger.service')).toBe('stopped status 3');
    const locked = 'parse_services; exec 9>/run/lock-of-ours; restart_service ledger.service 10; echo "$how"';
    expect(await behind(services, locked)).toBe('restarted');
    const holders =
      'for fd in /proc/[0-9]*/fd/*; do readlink "$fd" || :; done 2>/dev/null | grep -c lock-of-ours || true';
    expect(await namespace.ask(`pgrep -x sleep >/dev/null; ${holders}`)).toBe('0\n');
    expect(await state(services, 'ledger.service')).toBe('running');
    expect((await namespace.ask('cat /run/asked')).split('\n').filter((one) => one !== 'status')).toEqual([
      'stop',
      'start',
      '',
    ]);
    await namespace.ask('chmod o+w /srv/init/ledger; rm /run/asked');
    expect(await restart(services, 'ledger.service')).toBe("|/srv/init/ledger is not root's alone, or cannot be run");
    expect(await namespace.ask('ls /run/asked 2>&1 || true')).toContain('No such file');
    await namespace.ask('mkdir /run/systemd/system');
  });

  test('is counted before it is done, and what cannot be counted is not done', async () => {
    await makeUnit(namespace, 'counted', FOREVER);
    await namespace.ask('rm -rf /run/self-healing/restarts');
    const count = () => behind('', 'restarts_within counted.service 60');
    expect(await count()).toBe('0');
    for (const _ of [1, 2]) await restart('unit=counted.service', 'counted.service');
    expect(await count()).toBe('2');
    expect(
      await behind(
        '',
        'sed -i "s/^/1/" $state_folder/restarts/counted.service; date() { echo 99999999999999; }; restarts_within counted.service 60',
      ),
    ).toBe('0');
    const before = await mainPid('counted');
    await namespace.ask('rm -r /run/self-healing/restarts; : >/run/self-healing/restarts');
    expect(await restart('unit=counted.service', 'counted.service')).toBe('|the restart cannot be noted');
    expect(await mainPid('counted')).toBe(before);
    await namespace.ask('rm /run/self-healing/restarts; systemctl stop counted');
  });

  test('that takes longer than it may is left to the manager', async () => {
    await makeUnit(namespace, 'stubborn', `trap '' TERM; ${FOREVER}`, 'TimeoutStopSec=30');
    await namespace.ask('systemctl start stubborn; sleep 0.2');
    const asked = 'parse_services; restart_service stubborn.service 1; echo "$how"';
    expect(await behind('unit=stubborn.service', asked)).toBe('restart-asked');
    await namespace.ask('pkill -KILL stubborn || true');
  });
});

describe('S15: what is never restarted', () => {
  test('S15: a service that the configuration does not name', async () => {
    await makeUnit(namespace, 'unnamed', FOREVER);
    await namespace.ask('systemctl start unnamed');
    const before = await mainPid('unnamed');
    expect(await restart('unit=a.service', 'unnamed.service')).toBe('|not-named');
    expect(await mainPid('unnamed')).toBe(before);
  });

  test.each([
    ['by its unit', 'unit=vault*.service', ''],
    ['by a process somewhere below it', 'command=ledger-keeper', 'cp /usr/bin/sleep /srv/bin/ledger-keeper'],
    ['by the user of one', 'user=daemon', ''],
    ['by the slice', 'slice=system.slice', ''],
  ])('S15: one that is protected %s', async (_, protectedBy, prepare) => {
    await namespace.ask(`${prepare || ':'}; systemctl stop vault 2>/dev/null || true`);
    const child = prepare === '' ? 'setpriv --reuid=daemon sleep 1000' : '/srv/bin/ledger-keeper 1000';
    await makeUnit(namespace, 'vault', `(${child} & wait) & wait`);
    await namespace.ask(`systemctl start vault; until pgrep -f '(sleep|keeper) 1000'; do sleep 0.05; done`);
    const before = await mainPid('vault');
    expect(await restart('unit=vault.service', 'vault.service', { SSM_Protected: protectedBy })).toBe('|protected');
    expect(await mainPid('vault')).toBe(before);
    expect(await restart('unit=vault.service', 'vault.service', { SSM_Protected: 'unit=other' })).toBe('restarted|');
    expect(await mainPid('vault')).not.toBe(before);
  });

  test.each([
    'sshd',
    'ssh',
    'amazon-ssm-agent',
    'amazon-cloudwatch-agent',
    'containerd',
    'docker',
    'systemd-journald',
    'dbus-daemon',
  ])('S15: %s, whatever names it, and though none of its processes is left', async (name) => {
    await makeUnit(namespace, name, FOREVER);
    expect(await restart(`unit=${name}.service`, `${name}.service`)).toBe('|protected');
    expect(await mainPid(name)).toBe(0);
  });

  test('S15: one in which we run ourselves', async () => {
    await makeUnit(namespace, 'shell', FOREVER);
    const inside = `echo 0::/system.slice/shell.service >/run/cgroup; mount --bind /run/cgroup /proc/$$/cgroup; parse_services
      restart_service shell.service 10; echo "$how|$why_not"; umount /proc/$$/cgroup`;
    expect(await behind('unit=shell.service', inside)).toBe('|protected');
  });
});
