import { type Namespace, readResult, startNamespace } from './namespace.ts';

let namespace: Namespace;
afterEach(async () => namespace.close());

// faults that no slice was written against: https://github.com/ColinIanKing/stress-ng
test.each<[string, string, Parameters<typeof startNamespace>[0], Record<string, string>]>([
  ['cpu-saturated', '--cpu 2', { cpus: 1 }, { ThresholdPercent: '75' }],
  ['memory-pressure', '--vm 1 --vm-bytes 95m --vm-keep', { memoryMiB: 100 }, {}],
  ['zombies', '--zombie 1 --zombie-max 1000', {}, {}],
  ['process-flood', '--cpu 100 --cpu-load 1', {}, { ThresholdCount: '60' }],
])('%s by stress-ng %s is found, healed and left alone', async (remedy, stressor, options, more) => {
  namespace = await startNamespace(options);
  const parameters = { SampleSeconds: '1', TermWaitSeconds: '2', Expendable: 'command=stress-ng', ...more };
  const check = () => namespace.script(remedy, 'check', parameters);
  const repair = async () => readResult(await namespace.script(remedy, 'repair', parameters));
  expect(await check()).toMatchObject({ code: 0 });
  await namespace.ask(`cd /tmp; setsid stress-ng ${stressor} </dev/null >/run/stress 2>&1 &`);
  // a parent that works reaps what has ended; one that hangs never does
  if (remedy === 'zombies')
    await namespace.ask('until (($(ps -eo stat= | grep -c Z) >= 20)); do sleep 0.1; done; pkill -STOP stress-ng-zombi');
  const deadline = Date.now() + 20_000;
  while ((await check()).code !== 1) if (Date.now() > deadline) throw new Error(await namespace.ask('cat /run/stress'));

  const result = await repair();
  expect(result).toMatchObject({ result: 'changed' });
  expect(result.changes.map(({ what }) => what)).toEqual(
    expect.arrayContaining([expect.stringMatching(/^(termin|kill)/)]),
  );
  expect(await check()).toMatchObject({ code: 0 });
  expect(await repair()).toMatchObject({ result: 'already-healthy', changes: [] });
});
