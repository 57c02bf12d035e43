import config from '../../../examples/orders/self-healing.config.ts';
import { remediesOf } from '../../../lib/config/remedies-of.ts';
import { type Namespace, type Result, readResult, startNamespace, startProgram } from '../../remedies/namespace.ts';

let namespace: Namespace;
const check = (parameters: Record<string, string> = {}) => namespace.script('stale-locks', 'check', parameters);
const repair = async (parameters: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('stale-locks', 'repair', parameters));
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const locks = async (place = '/srv/orders/locks') =>
  (await namespace.ask(`cd ${place}; find . -mindepth 1 -printf '%P\\0' | sort -z`)).split('\0').slice(0, -1);
/** Writes a lock of this age whose owner is gone, is pid 1, or is what is given. */
const lock = (name: string, owner = '4000000000 1', age = '3 hours ago') =>
  namespace.ask(
    'mkdir -p /srv/orders/locks; cd /srv/orders/locks; printf "%s\\n" "$OWNER" >"$NAME"; touch -d "$AGE" -- "$NAME"',
    {
      OWNER: owner,
      NAME: `./${name}`,
      AGE: age,
    },
  );
const startOf = async (pid: number) => (await namespace.ask(`awk '{ print $22 }' /proc/${pid}/stat`)).trim();

beforeEach(async () => {
  namespace = await startNamespace({ remedies: remediesOf(config) });
});
afterEach(async () => namespace.close());

test('old locks are broken, healed and left alone; the lock of a batch that works is spared', async () => {
  await namespace.ask('mkdir -p /srv/orders/locks');
  expect(await check()).toMatchObject({ code: 0, stdout: '0 locks older than 60 min, limit 1\n' });
  await namespace.script('stale-locks', 'break', {});
  await namespace.script('stale-locks', 'break', {});
  expect(await check()).toMatchObject({ code: 1, stdout: '2 locks older than 60 min, limit 1\n' });
  const result = await repair();
  expect(result).toMatchObject({ result: 'changed', summary: 'locks removed: 2', counts: { removed: 2 }, left: [] });
  expect(result.changes.map(({ what, lock: name }) => `${what} ${name}`).toSorted()).toEqual([
    'removed invoices.lock',
    'removed price list.lock',
  ]);
  expect(result.evidence['oldest']).toEqual([
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d (invoices|price list)\.lock$/),
    expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d (invoices|price list)\.lock$/),
  ]);
  expect(await check()).toMatchObject({ code: 0, stdout: '0 locks older than 60 min, limit 1\n' });
  expect(await repair()).toMatchObject({ result: 'already-healthy' });
  expect(await locks()).toEqual(['README', 'just-died.lock', 'night-run.lock']);
  await namespace.ask(`grep '\\.lock$\\|README$' /run/sandbox-decoys-stale-locks | sha256sum --quiet -c`);
});

test('what cannot be read is unknown, never healthy', async () => {
  expect(await check()).toMatchObject({ code: 2, stdout: 'no folder /srv/orders/locks\n' });
  await namespace.ask('mkdir -p /srv/real /srv/orders; ln -s /srv/real /srv/orders/locks');
  expect(await check()).toMatchObject({ code: 2, stdout: 'no folder /srv/orders/locks\n' });
  for (const LockFolder of ['/etc', '/srv', '/srv/../etc', '/srv/.hidden', '/srv/a b', '/srv/$(id)']) {
    expect(await check({ LockFolder })).toMatchObject({ code: 2, stdout: 'a parameter is not of its pattern\n' });
    expect(await repair({ LockFolder })).toMatchObject({ result: 'unknown' });
  }
});

test('S16: an owner is a pid and its start time; whoever is alive keeps the lock, and a stranger with its pid does not', async () => {
  const batch = await startProgram(namespace, 'sleep 1000');
  await lock('alive.lock', `${batch} ${await startOf(batch)}`);
  await lock('recycled.lock', `${batch} 1`);
  const result = await repair();
  expect(result.changes).toMatchObject([{ what: 'removed', lock: 'recycled.lock', pid: batch }]);
  expect(counts(result)).toEqual({ 'its owner is alive': 1 });
  expect(await locks()).toEqual(['alive.lock']);
  expect((await check()).code).toBe(1);
  expect(await repair()).toMatchObject({ result: 'nothing-to-do' });
  await namespace.ask(`kill -9 ${batch}; while [[ -e /proc/${batch} ]]; do :; done`);
  expect(await repair()).toMatchObject({ result: 'changed', counts: { removed: 1 } });
});

test('a lock stays that names no owner, that a process holds open, that is young, and what is no lock', async () => {
  const texts = ['', 'root', '12', '12 34 56', '-1 5', '0 5', '12 34; reboot', '12 34\n56 78', '99999999999 1'];
  for (const [place, text] of texts.entries()) await lock(`text-${place}.lock`, text);
  await namespace.ask(
    'printf "12\\0 34\\n" >/srv/orders/locks/nul.lock; head -c 100 /dev/zero | tr "\\0" 1 >/srv/orders/locks/long.lock',
  );
  await lock('held.lock');
  await startProgram(namespace, 'bash -c "exec sleep 1000 3</srv/orders/locks/held.lock"');
  await namespace.ask(
    'until [[ -n $(find -L /proc/[0-9]*/fd -samefile /srv/orders/locks/held.lock 2>/dev/null) ]]; do sleep 0.05; done',
  );
  await lock('young.lock', '4000000000 1', '59 minutes ago');
  await lock('invoices.lock.txt');
  await namespace.ask(
    'cd /srv/orders/locks; mkdir folder.lock; ln -s young.lock link.lock; touch -h -d "3 hours ago" folder.lock link.lock nul.lock long.lock',
  );
  const before = await locks();
  const result = await repair();
  expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
  expect(counts(result)).toEqual({ 'names no owner': 11, 'held open by a process': 1 });
  expect(await locks()).toEqual(before);
});

test('S11: nothing is removed through a link', async () => {
  await namespace.ask('mkdir -p /srv/elsewhere/locks; ln -s /srv/elsewhere /srv/orders');
  await namespace.ask(
    'printf "4000000000 1\\n" >/srv/elsewhere/locks/a.lock; touch -d "3 hours ago" /srv/elsewhere/locks/a.lock',
  );
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'folder-not-resolved' });
  expect(await locks('/srv/elsewhere/locks')).toEqual(['a.lock']);
});

/** Has bash run before and after each move of a lock. */
const standInForMv = (before: string, after: string) =>
  namespace.ask('mkdir -p /given/bin; printf %s "$BASH_TEXT" >/given/bin/mv; chmod +x /given/bin/mv', {
    BASH_TEXT: `#!/bin/bash\n[[ $* == *.lock ]] || exec /usr/bin/mv "$@"\n${before}\n/usr/bin/mv "$@"\n${after}\n`,
  });

/** Between the look at the owner of invoices.lock and its move a person removes it, and a batch takes it. */
async function takenAnew(afterwards = ''): Promise<string> {
  const batch = await startProgram(namespace, 'sleep 1000');
  const owner = `${batch} ${await startOf(batch)}`;
  await lock('invoices.lock');
  await standInForMv(
    `rm /srv/orders/locks/invoices.lock; echo '${owner}' >/srv/orders/locks/invoices.lock`,
    afterwards,
  );
  return `${owner}\n`;
}

test('S12: a lock that changes hands while it is looked at is given back', async () => {
  const owner = await takenAnew();
  const result = await repair();
  expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
  expect(counts(result)).toEqual({ 'changed hands, or could not be removed': 1 });
  expect(await locks()).toEqual(['invoices.lock']);
  expect(await namespace.ask('cat /srv/orders/locks/invoices.lock')).toBe(owner);
});

test('S12: it is given back even if the attempt is killed in between', async () => {
  const owner = await takenAnew('kill -9 $PPID');
  expect((await namespace.script('stale-locks', 'repair', {})).code).not.toBe(0);
  expect(await locks()).toEqual(['.removing.invoices.lock']);
  await namespace.ask('rm /given/bin/mv');
  await lock('blocks.lock');
  expect(await repair()).toMatchObject({ counts: { removed: 1 } });
  expect(await locks()).toEqual(['invoices.lock']);
  expect(await namespace.ask('cat /srv/orders/locks/invoices.lock')).toBe(owner);
});

test('an attempt that is killed is made good by the next', async () => {
  for (const name of ['a', 'b', 'c']) await lock(`${name}.lock`);
  await standInForMv('', 'kill -9 $PPID');
  expect((await namespace.script('stale-locks', 'repair', {})).code).not.toBe(0);
  expect((await check()).stdout).toBe('3 locks older than 60 min, limit 1\n');
  await namespace.ask('rm /given/bin/mv');
  expect(await repair()).toMatchObject({ result: 'changed', counts: { removed: 3 }, left: [] });
  expect(await locks()).toEqual([]);
});

test('S31: a secret in the name of a lock appears nowhere in what is said', async () => {
  await lock('token=hunter2.lock');
  await lock('password: hunter2.lock', 'root');
  const said = [await check(), await namespace.script('stale-locks', 'repair', {})];
  expect(JSON.parse(said[1]?.stdout ?? '').counts).toEqual({ removed: 1 });
  expect(JSON.stringify(said)).not.toContain('hunter2');
});

test('S14: of hostile names exactly the stale ones go, and none is taken for a command', async () => {
  const hostile = [
    'two  words ',
    '-rf',
    'new\nline',
    'quote\'"\\',
    '$(touch pwned)',
    '`id`',
    '; touch pwned',
    '*[?]{a,b}',
    '\t\u001b[31m',
    '%0A%s',
    '..',
  ];
  for (const name of hostile) {
    await lock(`${name}.lock`);
    await lock(`${name} lives.lock`, `1 ${await startOf(1)}`);
  }
  const result = await repair();
  expect(result).toMatchObject({ result: 'changed', counts: { removed: hostile.length } });
  expect(counts(result)).toEqual({ 'its owner is alive': hostile.length });
  expect(await locks()).toEqual(hostile.map((name) => `${name} lives.lock`).toSorted());
  expect(await namespace.ask('ls /; ls /srv')).not.toContain('pwned');
});

test('the metric counts what the check counts, and is no number where there are no locks', async () => {
  const measure = () => namespace.run('bash /given/remedies/stale-locks/measure.sh');
  expect((await measure()).code).toBe(1);
  await lock('a.lock');
  await lock('new\nline.lock');
  await lock('young.lock', '4000000000 1', '59 minutes ago');
  expect(await measure()).toMatchObject({ code: 0, stdout: '2\n' });
  expect((await check()).stdout).toBe('2 locks older than 60 min, limit 1\n');
});
