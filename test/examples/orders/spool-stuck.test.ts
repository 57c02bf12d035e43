import config from '../../../examples/orders/self-healing.config.ts';
import { remediesOf } from '../../../lib/config/remedies-of.ts';
import { type Namespace, type Result, readResult, startNamespace, startProgram } from '../../remedies/namespace.ts';

let namespace: Namespace;
const spool = '/srv/orders/spool';
const gone = '4000000000-1';
const check = (parameters: Record<string, string> = {}) => namespace.script('spool-stuck', 'check', parameters);
const repair = async (parameters: Record<string, string> = {}): Promise<Result> =>
  readResult(await namespace.script('spool-stuck', 'repair', parameters));
const counts = (result: Result) => Object.fromEntries(result.left.map(({ why, count }) => [why, count]));
const files = async (place = '.', type = 'f') =>
  (await namespace.ask(`cd ${spool}; find ${place} -mindepth 1 -type ${type} -printf '%P\\0' | sort -z`))
    .split('\0')
    .slice(0, -1);
/** Puts an order of this content into the hands of a worker, since this time. */
const take = (order: string, worker = gone, age = '2 hours ago', content = order) =>
  namespace.ask(
    'mkdir -p "$FOLDER" work queue; printf %s "$CONTENT" >"$FOLDER/$ORDER"; touch -d "$AGE" -- "$FOLDER/$ORDER"',
    {
      FOLDER: `./work/${worker}`,
      ORDER: order,
      CONTENT: content,
      AGE: age,
    },
  );
const workerOf = async (pid: number) =>
  `${pid}-${(await namespace.ask(`awk '{ print $22 }' /proc/${pid}/stat`)).trim()}`;

beforeEach(async () => {
  const made = await startNamespace({ remedies: remediesOf(config) });
  await made.ask(`mkdir -p ${spool}/work ${spool}/queue`);
  namespace = { ...made, ask: (bash, variables) => made.ask(`cd ${spool}; ${bash}`, variables) };
});
afterEach(async () => namespace.close());

test('a stuck spool is broken, healed and left alone; what is worked on, waits or is done is spared', async () => {
  expect(await check()).toMatchObject({ code: 0, stdout: '0 orders in work for more than 15 min, limit 1\n' });
  await namespace.script('spool-stuck', 'break', {});
  expect(await check({ ThresholdCount: '6' })).toMatchObject({ code: 0 });
  expect(await check({ ThresholdCount: '5' })).toMatchObject({
    code: 1,
    stdout: '5 orders in work for more than 15 min, limit 5\n',
  });
  const result = await repair();
  expect(result).toMatchObject({
    result: 'changed',
    summary: 'orders put back into the queue: 5',
    counts: { returned: 5 },
    left: [],
  });
  expect(result.changes.map(({ what, order }) => `${what} ${order}`).toSorted()).toEqual([
    'put back 1001.json',
    'put back 1002.json',
    'put back 1003.json',
    'put back 1004 (express).json',
    'put back 1005.json',
  ]);
  expect(await check()).toMatchObject({ code: 0, stdout: '0 orders in work for more than 15 min, limit 1\n' });
  expect(await repair()).toMatchObject({ result: 'already-healthy' });
  expect(await files('queue')).toEqual([
    '1001.json',
    '1002.json',
    '1003.json',
    '1004 (express).json',
    '1005.json',
    '1007.json',
  ]);
  expect(await namespace.ask('cat queue/1001.json')).toBe(
    '{"order":"1001.json","lines":[{"article":"A-17","count":2}]}\n',
  );
  expect(await files('work', 'd')).toHaveLength(1);
  await namespace.ask(`grep 'json$' /run/sandbox-decoys-spool-stuck | sha256sum --quiet -c`);
});

test('what cannot be read is unknown, never healthy', async () => {
  await namespace.ask('rmdir work');
  expect(await check()).toMatchObject({ code: 2, stdout: `no folder ${spool}/work\n` });
  await namespace.ask('ln -s /srv work');
  expect(await check()).toMatchObject({ code: 2, stdout: `no folder ${spool}/work\n` });
  for (const SpoolFolder of ['/var/spool', '/srv/../etc', '/srv/a b', '/srv/$(id)']) {
    expect(await check({ SpoolFolder })).toMatchObject({ code: 2, stdout: 'a parameter is not of its pattern\n' });
    expect(await repair({ SpoolFolder })).toMatchObject({ result: 'unknown' });
  }
});

test('S16: a worker is a pid and its start time: who is alive keeps its orders, a stranger with its pid keeps none', async () => {
  const pid = await startProgram(namespace, 'sleep 1000');
  const worker = await workerOf(pid);
  await take('lives.json', worker);
  await take('recycled.json', `${pid}-1`);
  const result = await repair();
  expect(result.changes).toMatchObject([{ what: 'put back', order: 'recycled.json', pid }]);
  expect(counts(result)).toEqual({ 'its worker is alive': 1 });
  expect((await check()).code).toBe(1);
  expect(await repair()).toMatchObject({ result: 'nothing-to-do' });
  await namespace.ask(`kill -9 ${pid}; while [[ -e /proc/${pid} ]]; do :; done`);
  expect(await repair()).toMatchObject({ result: 'changed', counts: { returned: 1 } });
  expect(await files()).toEqual(['queue/lives.json', 'queue/recycled.json']);
});

test('an order stays whose folder names no worker, that is young, and what is no order', async () => {
  const names = ['worker-1', '12', '12-', '0-5', '12-34-56', '12-34 ', '12-34\n', '-12-34', '99999999999-1'];
  for (const name of names) await take('a.json', name);
  await take('young.json', gone, '14 minutes ago');
  await namespace.ask(`mkdir -p work/${gone}/folder.json; echo x >work/${gone}/folder.json/deep; echo x >work/loose
    ln -s /etc/passwd work/${gone}/link.json; touch -h -d '2 hours ago' work/${gone}/{folder.json/deep,link.json} work/loose`);
  const before = await files();
  const result = await repair();
  expect(result).toMatchObject({ result: 'nothing-to-do', changes: [] });
  expect(counts(result)).toEqual({ 'its folder names no worker': 9 });
  expect(await files()).toEqual(before);
});

test('an order never takes the place of another: it stays, and both are whole', async () => {
  await take('1.json', gone, '2 hours ago', 'first');
  await take('1.json', '4000000000-2', '2 hours ago', 'second');
  await namespace.ask('printf waits >queue/2.json; ln -s nowhere queue/3.json; mkdir queue/4.json');
  for (const order of ['2.json', '3.json', '4.json']) await take(order);
  const result = await repair();
  expect(result.counts).toEqual({ returned: 1 });
  expect(counts(result)).toEqual({ 'another order of that name is in the queue': 4 });
  expect(await namespace.ask('cat queue/2.json')).toBe('waits');
  const both = (await files()).filter((path) => path.endsWith('/1.json'));
  expect(both).toEqual(['queue/1.json', expect.stringMatching(/^work\/4000000000-[12]\/1\.json$/)]);
  const texts = await Promise.all(both.map((path) => namespace.ask(`cat ${path}`)));
  expect(texts.toSorted()).toEqual(['first', 'second']);
  expect(await files('work')).toHaveLength(4);
  expect(await namespace.ask('find queue/4.json -mindepth 1')).toBe('');
});

test('nothing is moved through a link, nor where a move would be a copy', async () => {
  await take('1.json');
  await namespace.ask(`mkdir /srv/other; mount --bind /srv/other queue`);
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'mounted-inside' });
  await namespace.ask('umount queue; rmdir queue; ln -s /srv/other queue');
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'no-spool' });
  await namespace.ask(`cd /srv; mv orders real; ln -s real orders`);
  expect(await repair()).toMatchObject({ result: 'refused', reason: 'folder-not-resolved' });
  expect(await files('/srv/real/spool/work')).toEqual([`${gone}/1.json`]);
  expect(await namespace.ask('ls -A /srv/other')).toBe('');
});

test('no order is lost or doubled, wherever a repair is killed', async () => {
  const orders = Array.from({ length: 300 }, (_, place) => `${1000 + place}.json`);
  await namespace.ask(
    `mkdir -p work/${gone}; for n in {1000..1299}; do echo $n >work/${gone}/$n.json; done; touch -d '2 hours ago' work/${gone}/*`,
  );
  let killed = 0;
  for (const seconds of [0.15, 0.25, 0.35, 0.45]) {
    const before = (await files('queue')).length;
    const { code } = await namespace.script('spool-stuck', 'repair', {}, `timeout -s KILL ${seconds}`);
    killed += code === 0 ? 0 : 1;
    expect((await files()).map((path) => path.slice(path.lastIndexOf('/') + 1)).toSorted()).toEqual(orders);
    expect((await files('queue')).length).toBeGreaterThanOrEqual(before);
  }
  expect(killed).toBeGreaterThan(0);
  await repair();
  expect(await files()).toEqual(orders.map((order) => `queue/${order}`));
}, 60_000);

test('S14: of hostile names every order arrives, and none is taken for a command', async () => {
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
    '...',
  ];
  for (const order of hostile) await take(order);
  expect(await repair()).toMatchObject({ result: 'changed', counts: { returned: hostile.length }, left: [] });
  expect(await files()).toEqual(hostile.map((order) => `queue/${order}`).toSorted());
  for (const order of hostile) expect(await namespace.ask('cat -- "queue/$ORDER"', { ORDER: order })).toBe(order);
  expect(await namespace.ask('ls / /srv .')).not.toContain('pwned');
});

test('S31: a secret in the name of an order appears nowhere in what is said', async () => {
  await take('token=hunter2.json');
  const said = [await check(), await namespace.script('spool-stuck', 'repair', {})];
  expect(JSON.parse(said[1]?.stdout ?? '').counts).toEqual({ returned: 1 });
  expect(JSON.stringify(said)).not.toContain('hunter2');
});

test('the metric counts what the check counts, and is no number where there is no spool', async () => {
  const measure = () => namespace.run('bash /given/remedies/spool-stuck/measure.sh');
  await take('a.json');
  await take('new\nline.json');
  await take('young.json', gone, '14 minutes ago');
  expect(await measure()).toMatchObject({ code: 0, stdout: '2\n' });
  expect((await check()).stdout).toBe('2 orders in work for more than 15 min, limit 1\n');
  await namespace.ask('rm -rf work');
  expect((await measure()).code).toBe(1);
});
