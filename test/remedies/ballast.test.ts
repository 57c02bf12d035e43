import { type Namespace, readResult, startNamespace } from './namespace.ts';

const BALLAST = '/var/lib/self-healing/ballast';
const root = { MountPath: '/', ThresholdPercent: '90', StopAtPercent: '80', AgeBy: 'modification' };

let namespace: Namespace;
beforeEach(async () => {
  namespace = await startNamespace({ rootMiB: 100, dataMiB: 100 });
});
afterEach(() => namespace.close());

const repair = async (parameters: Record<string, string> = root) =>
  readResult(await namespace.script('disk-full', 'repair', parameters));
/** A ballast of 8 MiB on a disk that something else fills up to so many MiB, and old files that may go. */
const fill = (mebibytes: number, place = '/var/lib') =>
  namespace.ask(
    `mkdir -m 700 /var/lib/self-healing; fallocate -l 8M ${BALLAST}; chmod 600 ${BALLAST}; fallocate -l ${mebibytes - 8}M ${place}/data
    fallocate -l 1M /tmp/old; touch -d '3 days ago' /tmp/old`,
  );

test('the ballast is given up before anything is deleted, and told', async () => {
  // 92 % with it, 84 % without: then what is old goes as well
  await fill(91);
  const result = await repair();
  expect(result).toMatchObject({
    result: 'changed',
    counts: { temporaryFiles: 1 },
    changes: [{ what: 'ballast given up', path: BALLAST, bytesFreed: 8 << 20 }],
    bytesFreed: 9 << 20,
  });
  expect(await namespace.ask(`ls ${BALLAST} /tmp/old 2>&1 || :`)).not.toMatch(/^\//m);
});

test('where that is enough nothing else goes', async () => {
  await fill(91);
  expect(await repair({ ...root, StopAtPercent: '85' })).toMatchObject({
    counts: { temporaryFiles: 0 },
    bytesFreed: 8 << 20,
  });
  expect(await namespace.ask('ls /tmp')).toBe('old\n');
});

test('S19: on a disk that is not full it stays', async () => {
  await fill(50);
  expect((await repair()).result).toBe('already-healthy');
  expect(await namespace.ask(`ls ${BALLAST}`)).toBe(`${BALLAST}\n`);
});

test('it stays where another disk is full', async () => {
  await fill(50);
  await namespace.ask('fallocate -l 95M /data/data');
  await repair({ ...root, MountPath: '/data' });
  expect(await namespace.ask(`ls ${BALLAST}`)).toBe(`${BALLAST}\n`);
});

test('that the instance gave it up before is told', async () => {
  await fill(98);
  await namespace.ask(
    `rm ${BALLAST}; mkdir -m 700 /run/self-healing; echo '8 MiB at 2026-11-24T12:00:00Z' >/run/self-healing/ballast-given-up`,
  );
  expect((await repair()).evidence['ballast']).toBe('given up on the host before: 8 MiB at 2026-11-24T12:00:00Z');
});

test.each([
  ['a link', `mv ${BALLAST} /srv/data; ln -s /srv/data ${BALLAST}`, '/srv/data'],
  ['a file with another name', `ln ${BALLAST} /srv/data`, '/srv/data'],
  ["somebody else's file", `chown nobody ${BALLAST}`, BALLAST],
  ['a file in a folder that others may enter', 'chmod 755 /var/lib/self-healing', BALLAST],
  [
    'a file beneath a linked folder',
    'mv /var/lib/self-healing /srv/; ln -s /srv/self-healing /var/lib/self-healing',
    '/srv/self-healing/ballast',
  ],
  ['a folder', `rm ${BALLAST}; mkdir ${BALLAST}; fallocate -l 8M ${BALLAST}/data`, `${BALLAST}/data`],
])('S11: %s in its place stays', async (_, swap, path) => {
  await fill(92);
  await namespace.ask(swap);
  const before = await namespace.ask(`stat -c '%F %i %s %b' ${path} ${BALLAST}`);
  expect((await repair()).changes).toEqual([]);
  expect(await namespace.ask(`stat -c '%F %i %s %b' ${path} ${BALLAST}`)).toBe(before);
});
