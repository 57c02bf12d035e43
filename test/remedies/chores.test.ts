import type { ChorePurpose } from '../../lambdas/core/purpose.ts';
import { choreScript } from '../../lib/chore-documents.ts';
import { chores } from '../../remedies/chores.ts';
import { type Namespace, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
let attempts = 0;
const PATH = { AgeBy: 'modification', CleanableFolders: '/data/cache' };

/** Runs one purpose of a chore; each call is an attempt of its own unless it says otherwise. */
const run = (choreId: string, purpose: ChorePurpose, parameters: Record<string, string> = {}, by = '') => {
  attempts += 1;
  const chore = chores.find(({ id }) => id === choreId);
  if (chore === undefined) throw new Error(`no chore ${choreId}`);
  const variables = { AttemptId: `run-${attempts}`, Fence: String(attempts), ...PATH, ...parameters };
  const named = Object.entries(variables).map(([key, value]) => [`SSM_${key}`, value]);
  return namespace.run(`printf '%s' "$SCRIPT" >/given/chore.sh; exec ${by} bash /given/chore.sh`, {
    ...Object.fromEntries(named),
    SCRIPT: choreScript(chore, purpose),
  });
};
const result = async (...call: Parameters<typeof run>) => readResult(await run(...call));

/** Everything that is on the instance, to the time of its last change; of /run itself, where a preview works, what is in it. */
const everything = () =>
  namespace.ask(
    `find / /run /data /dev/shm -xdev ! -path /run ! -path '/given*' -printf '%p %y %s %T@ %C@ %i\\n' | sort | sha256sum`,
  );
const there = async (...paths: string[]) =>
  (
    await namespace.ask(
      `for one in ${paths.map((path) => `'${path}'`).join(' ')}; do [[ ! -e $one && ! -L $one ]] || echo "$one"; done`,
    )
  )
    .split('\n')
    .slice(0, -1);

/** What a neglected instance gathers, and what must be spared. */
const GATHER = `
  place() { mkdir -p -- "\${1%/*}"; head -c 100000 /dev/zero >"$1"; touch -d "$2" -- "$1"; }
  place /var/cache/apt/archives/old_1.deb '3 days ago'
  place /var/cache/apt/archives/young_1.deb '3 hours ago'
  place /var/cache/apt/archives/lock '90 days ago'
  place /var/log/app/app.log.1.gz '40 days ago'
  place /var/log/app/app.log.2.gz '20 days ago'
  place /var/log/app/app.log '90 days ago'
  place /var/log/audit/audit.log.1 '90 days ago'
  place '/data/cache/a b;c' '8 days ago'
  place /data/cache/young '6 days ago'
  place /data/other/not-named '90 days ago'
  place /tmp/old '11 days ago'
  place /tmp/young '9 days ago'
  place /var/tmp/old '31 days ago'
  place /var/tmp/young '29 days ago'
  place /var/lib/ledger/records.db '90 days ago'
  place /tmp/linked '90 days ago'; ln -f /tmp/linked /var/lib/ledger/linked
  ln -sfn /var/lib/ledger /tmp/link
  place /tmp/held '90 days ago'; setsid sleep 600 3</tmp/held </dev/null >/dev/null 2>&1 &
`;
const OLD_CACHES = ['/var/cache/apt/archives/old_1.deb', '/var/log/app/app.log.1.gz', '/data/cache/a b;c'];
const OLD_TEMPORARY = ['/tmp/old', '/var/tmp/old'];
const SPARED = [
  '/var/cache/apt/archives/young_1.deb',
  '/var/cache/apt/archives/lock',
  '/var/log/app/app.log.2.gz',
  '/var/log/app/app.log',
  '/var/log/audit/audit.log.1',
  '/data/cache/young',
  '/data/other/not-named',
  '/tmp/young',
  '/var/tmp/young',
  '/var/lib/ledger/records.db',
  '/tmp/linked',
  '/var/lib/ledger/linked',
  '/tmp/link',
  '/tmp/held',
];

beforeAll(async () => {
  namespace = await startNamespace({});
});
afterAll(() => namespace.close());
beforeEach(() => namespace.ask(GATHER));

test('S11: a preview says what would be deleted, and changes nothing, to the byte', async () => {
  const before = await everything();
  expect(await result('clean-caches', 'preview')).toMatchObject({
    result: 'would-change',
    summary: 'would delete 3 files, 0 MiB',
    counts: { packageCaches: 1, rotatedLogs: 1, cleanableFolders: 1, temporaryFiles: 0 },
    largest: expect.arrayContaining([{ path: '/data/cache/a b;c', bytes: 100_000 }]),
  });
  const temporary = await result('clean-temporary-files', 'preview');
  expect(temporary).toMatchObject({ result: 'would-change', summary: 'would delete 2 files, 0 MiB' });
  expect(temporary).not.toHaveProperty('bytesFreed');
  expect(temporary).not.toHaveProperty('manifest');
  expect(await everything()).toBe(before);
});

test('S11, S12: the clean-up of caches deletes what its preview says, and nothing else', async () => {
  const { result: said, summary, counts, bytesFreed, manifest } = await result('clean-caches', 'clean');
  expect({ said, summary, counts }).toEqual({
    said: 'changed',
    summary: 'files deleted: 3; 0 MiB freed',
    counts: { packageCaches: 1, rotatedLogs: 1, cleanableFolders: 1, temporaryFiles: 0, bytesDeleted: bytesFreed },
  });
  expect(bytesFreed).toBeGreaterThanOrEqual(300_000);
  expect(manifest).toMatchObject({ entries: 3 });
  expect(await there(...OLD_CACHES)).toEqual([]);
  expect(await there(...SPARED, ...OLD_TEMPORARY)).toEqual([...SPARED, ...OLD_TEMPORARY]);
  expect(await result('clean-caches', 'clean')).toMatchObject({ result: 'nothing-to-do' });
});

test('S12: the clean-up of temporary files goes by the age of each place; what is open, linked or young stays', async () => {
  const cleaned = await result('clean-temporary-files', 'clean');
  expect(cleaned).toMatchObject({ result: 'changed', counts: { temporaryFiles: 2, packageCaches: 0 } });
  expect(Object.fromEntries(cleaned.left.map(({ why, count }) => [why, count]))).toMatchObject({
    'held open by a process': 1,
    'has another name elsewhere': 1,
  });
  expect(await there(...OLD_TEMPORARY)).toEqual([]);
  expect(await there(...SPARED, ...OLD_CACHES)).toEqual([...SPARED, ...OLD_CACHES]);
});

test('what was unpacked or moved in lately is young, whatever times it bears', async () => {
  await expect(result('clean-temporary-files', 'clean', { AgeBy: 'change' })).resolves.toMatchObject({
    result: 'nothing-to-do',
  });
  expect(await there(...OLD_TEMPORARY)).toEqual(OLD_TEMPORARY);
});

test('S11: a cleanable folder that is a link, or above a protected one, is refused', async () => {
  await namespace.ask('mkdir -p /srv/app; ln -sfn /data/cache /srv/app/cache');
  const refused = await result('clean-caches', 'clean', { CleanableFolders: '/srv/app/cache:/var' });
  expect(refused.left).toEqual(
    expect.arrayContaining([
      { why: 'refused /srv/app/cache: not its own resolved path', count: 1 },
      { why: 'refused /var: above a protected folder', count: 1 },
    ]),
  );
  expect(await there('/data/cache/a b;c')).toEqual(['/data/cache/a b;c']);
});

test.each([
  ['CleanableFolders', '/data/$(id)'],
  ['PackageCacheAgeMinutes', '1;id'],
  ['AgeBy', 'access'],
])('S14: a parameter that is not of its pattern is refused: %s %s', async (name, value) => {
  const refused = await result('clean-caches', 'clean', { [name]: value });
  expect(refused).toMatchObject({ result: 'refused', summary: `parameter ${name} is not of its pattern` });
  expect(await there(...OLD_CACHES)).toEqual(OLD_CACHES);
});

test('S21: the same command again deletes nothing more, and answers the same', async () => {
  const once = { AttemptId: 'run-once', Fence: '500' };
  const first = await run('clean-temporary-files', 'clean', once);
  await namespace.ask(GATHER);
  const second = await run('clean-temporary-files', 'clean', once);
  expect(second.stdout).toBe(first.stdout);
  expect(await there(...OLD_TEMPORARY)).toEqual(OLD_TEMPORARY);
});

test('S22: killed in the middle, the next run does the rest', async () => {
  await run('clean-temporary-files', 'clean', { Fence: '501' }, 'timeout -s KILL 0.05');
  await expect(result('clean-temporary-files', 'clean', { Fence: '502' })).resolves.toHaveProperty('manifest');
  expect(await there(...OLD_TEMPORARY)).toEqual([]);
});

test('one that comes late, behind another act, is refused by its fence', async () => {
  await expect(result('clean-caches', 'clean', { Fence: '1' })).resolves.toMatchObject({ result: 'stale-fence' });
  expect(await there(...OLD_CACHES)).toEqual(OLD_CACHES);
});

test('while another attempt holds the instance it does nothing; a preview does not mind', async () => {
  await namespace.ask(
    'setsid flock /run/self-healing/lock sh -c "touch /run/locked; sleep 30" </dev/null >/dev/null 2>&1 9>&- & until [[ -e /run/locked ]]; do sleep 0.05; done',
  );
  await expect(result('clean-caches', 'clean', { Fence: '600' })).resolves.toMatchObject({ result: 'busy' });
  expect(await there(...OLD_CACHES)).toEqual(OLD_CACHES);
  await expect(result('clean-caches', 'preview')).resolves.toMatchObject({ result: 'would-change' });
});

test('S31: a secret in the name of a file does not leave the instance', async () => {
  await namespace.ask("touch -d '90 days ago' '/data/cache/password=hunter2.tmp'");
  const preview = await run('clean-caches', 'preview');
  expect(preview.stdout).toContain('/data/cache/password=[redacted]');
  expect(preview.stdout).not.toContain('hunter2');
});

test('it runs at the lowest priority', async () => {
  await namespace.ask(
    `mkdir -p /given/bin; printf '%s\\n' '#!/bin/bash' 'nice >/run/niceness' 'exec /usr/bin/find "$@"' >/given/bin/find; chmod +x /given/bin/find`,
  );
  await run('clean-caches', 'preview');
  expect(await namespace.ask('rm /given/bin/find; cat /run/niceness')).toBe('19\n');
});
