import { bringSystemd, makeUnit } from './services.ts';
import { pathsIn } from './listed-paths.ts';
import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
const repair = async (parameters: Record<string, string>): Promise<Result> =>
  readResult(
    await namespace.script('disk-full', 'repair', {
      MountPath: '/',
      ThresholdPercent: '5',
      StopAtPercent: '4',
      ...parameters,
    }),
  );
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
/** A process named NAME that holds a file of so many MiB, deleted since; it goes on writing into it when /run/write is there. */
const hold = (name: string, path: string, mebibytes: number, more = ':') =>
  namespace.ask(`[[ -p /run/silence ]] || mkfifo /run/silence; mkdir -p /run/bin "$(dirname '${path}')"; cp /usr/bin/bash /run/bin/${name}
    setsid /run/bin/${name} -c 'exec 5>>"$1"; head -c ${mebibytes}M /dev/zero >&5; ${more}; : >/run/ready-${name}
      until [[ -e /run/write ]]; do read -r -t 0.1 <>/run/silence; done; echo written >&5; : >/run/written-${name}; while :; do read -r -t 9 <>/run/silence; done' ${name} '${path}' </dev/null >/dev/null 2>&1 &
    until [[ -e /run/ready-${name} ]]; do sleep 0.05; done; rm -f -- '${path}'`);
const usedMebibytes = async () => Number(await namespace.ask('df -BM --output=used / | tail -n 1 | tr -dc 0-9'));

beforeEach(async () => {
  namespace = await startNamespace({ rootMiB: 200 });
});
afterEach(async () => namespace.close());

test('what deleted files are held open is told: how much, by whom, under which name; and left, unless the setting says otherwise', async () => {
  await hold('orders', '/srv/spool/batch 1', 30);
  await hold('reports', '/var/log/app/app.log', 20);
  const before = await usedMebibytes();
  const result = await repair({});
  const [first, second] = [await namespace.ask('pgrep -x orders | head -n 1'), await namespace.ask('pgrep -x reports')];
  expect(result.evidence['deletedButOpen']).toEqual([
    `30 MiB held by orders ${first.trim()}: /srv/spool/batch 1`,
    `20 MiB held by reports ${second.trim()}: /var/log/app/app.log`,
  ]);
  expect(counts(result)).toMatchObject({ 'deleted but held open: DeletedOpenFiles says report': 2 });
  expect(result.result).toBe('nothing-to-do');
  expect(await usedMebibytes()).toBe(before);
});

test('S15: of deleted files logs are cut, and what only expendable processes hold; others stay; writers go on', async () => {
  await hold('batch-a', '/srv/spool/scratch', 30);
  await hold('orders', '/srv/spool/data', 20);
  await hold('reports', '/var/log/app/app.log', 10);
  await hold('auditor', '/var/log/audit/audit.log', 5);
  const result = await repair({ DeletedOpenFiles: 'truncate', Expendable: 'command=batch-*' });
  expect(result.changes.map(({ what, path, bytesFreed, comm }) => [what, path, bytesFreed, comm])).toEqual([
    ['cut deleted file', '/srv/spool/scratch', 31_457_280, 'batch-a'],
    ['cut deleted file', '/var/log/app/app.log', 10_485_760, 'reports'],
  ]);
  expect(result.counts['deletedFilesCut']).toBe(2);
  expect(counts(result)).toMatchObject({ 'deleted but held open: its holder is not-expendable': 2 });
  const { place, entries } = result.manifest as { place: string; entries: number };
  expect([entries, pathsIn(await namespace.ask(`zcat ${place}`))]).toEqual([
    2,
    ['/srv/spool/scratch', '/var/log/app/app.log'],
  ]);
  await namespace.ask(
    ': >/run/write; for n in batch-a orders reports auditor; do until [[ -e /run/written-$n ]]; do sleep 0.05; done; done',
  );
  const held =
    'for n in batch-a orders reports auditor; do stat -L -c "%n %s" /proc/$(pgrep -ox $n)/fd/5; done | sed "s#.*/5 ##"';
  expect((await namespace.ask(held)).split('\n').slice(0, 4)).toEqual(['8', '20971528', '8', '5242888']);
});

test('S15: a protected process’s deleted file stays, though it is expendable too', async () => {
  await hold('batch-a', '/srv/spool/scratch', 30);
  const result = await repair({
    DeletedOpenFiles: 'truncate',
    Expendable: 'command=batch-*',
    Protected: 'command=batch-a',
  });
  expect(counts(result)).toMatchObject({ 'deleted but held open: its holder is protected': 1 });
  expect(result.result).toBe('nothing-to-do');
});

test('S15: a deleted file that a process that is not expendable holds as well stays, and one that is mapped', async () => {
  await hold('batch-a', '/srv/spool/shared', 30);
  await namespace.ask(`cp /usr/bin/sleep /run/bin/orders; pid=$(pgrep -ox batch-a)
    setsid /run/bin/orders 1000 <"/proc/$pid/fd/5" >/dev/null 2>&1 &
    mkdir -p /srv/lib; cp /usr/bin/bash /srv/lib/batch-mapped; head -c 20M /dev/zero >>/srv/lib/batch-mapped
    setsid /srv/lib/batch-mapped -c 'exec 6<>/srv/lib/batch-mapped-not; : >/run/mapped; while :; do read -r -t 9 <>/run/silence; done' </dev/null >/dev/null 2>&1 &
    until [[ -e /run/mapped ]]; do sleep 0.05; done; rm /srv/lib/batch-mapped`);
  const result = await repair({ DeletedOpenFiles: 'truncate', Expendable: 'command=batch-*' });
  expect(counts(result)).toMatchObject({
    'deleted but held open: its holder is not-expendable': 1,
    'deleted but held open: a process has it mapped': 1,
  });
  expect(result.counts['deletedFilesCut']).toBe(0);
});

test('S16: a descriptor whose number was given to another file is not cut', async () => {
  // The holder puts its data in the place of the deleted file between the look and the act.
  await namespace.ask(
    `mkdir -p /srv/data; head -c 3M /dev/urandom >/srv/data/precious; cp /srv/data/precious /run/copy`,
  );
  await hold('batch-a', '/srv/spool/scratch', 30, 'trap "exec 5>>/srv/data/precious; : >/run/swapped" USR1');
  const swap =
    '[[ $* != *"exec 7>>"* ]] || { kill -USR1 "$(pgrep -ox batch-a)"; until [[ -e /run/swapped ]]; do sleep 0.05; done; }; exec /usr/bin/timeout "$@"';
  await namespace.ask(
    "mkdir -p /given/bin; printf '%s\\n' '#!/bin/bash' \"$SWAP\" >/given/bin/timeout; chmod +x /given/bin/timeout",
    { SWAP: swap },
  );
  const result = await repair({ DeletedOpenFiles: 'truncate', Expendable: 'command=batch-*' });
  expect(await namespace.ask('ls /run/swapped; cmp /run/copy /srv/data/precious && echo whole')).toBe(
    '/run/swapped\nwhole\n',
  );
  expect(counts(result)).toMatchObject({ 'deleted but held open: could not be cut': 1 });
});

test('S15: of the services that hold deleted files only those that the configuration names are restarted', async () => {
  await bringSystemd(namespace);
  await namespace.ask('mkfifo /run/silence; mkdir /srv/spool');
  for (const [name, mebibytes] of [
    ['orders', 40],
    ['ledger', 30],
  ] as const) {
    await makeUnit(
      namespace,
      name,
      `[[ -e /run/began-${name} ]] || { exec 5>>/srv/spool/${name}; head -c ${mebibytes}M /dev/zero >&5; }; : >/run/began-${name}; while :; do read -r -t 9 <>/run/silence; done`,
    );
    await namespace.ask(`systemctl start ${name}.service; until [[ -e /run/began-${name} ]]; do sleep 0.05; done`);
  }
  await namespace.ask('rm /srv/spool/*');
  const ledger = await namespace.ask('systemctl show --value -p MainPID ledger.service');
  const result = await repair({ DeletedOpenFiles: 'restart', Services: 'unit=orders.service' });
  expect(result.changes).toEqual([{ what: 'restarted', unit: 'orders.service' }]);
  expect(counts(result)).toMatchObject({ 'deleted but held open: its holder is not among the services': 1 });
  expect(result.bytesFreed).toBe(41_943_040);
  expect(await namespace.ask('systemctl show --value -p MainPID ledger.service')).toBe(ledger);
});

test('S31: a secret in the name of a deleted file, or in its holder’s arguments, is told nowhere', async () => {
  await hold('batch-a', '/srv/spool/password=hunter2', 10);
  const said = await namespace.script('disk-full', 'repair', {
    MountPath: '/',
    ThresholdPercent: '3',
    StopAtPercent: '2',
    DeletedOpenFiles: 'truncate',
    Expendable: 'command=batch-*',
  });
  expect(said.stdout).toContain('password=[redacted]');
  expect(said.stdout + said.stderr).not.toContain('hunter2');
});
