import { type Bench, openBench } from './support/bench.ts';

describe('every invocation is told once it is over', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench(600);
    bench.register('echo');
    bench.register('failing');
    bench.register('throttled', { reservedConcurrency: 0 });
  });
  afterAll(() => bench.close());

  const told = () => bench.ends.splice(0).map(({ startedAtMillis: _startedAtMillis, ...end }) => end);

  it('that returned, with what the caller named, and when it began', async () => {
    const before = bench.clock.nowMillis();
    await bench.service.invoke({ functionName: 'echo:live', payload: '{}', invocationType: 'RequestResponse' });
    expect(bench.ends[0]?.startedAtMillis).toBeGreaterThanOrEqual(before);
    await bench.service.invoke({ functionName: 'echo', payload: '{}', invocationType: 'RequestResponse' });
    expect(told()).toEqual([
      { functionName: 'echo', qualifier: 'live', became: 'returned' },
      { functionName: 'echo', became: 'returned' },
    ]);
  });

  it('that failed, and each of its two retries', async () => {
    await bench.service.invoke({ functionName: 'failing', payload: '{}', invocationType: 'Event' });
    await bench.service.idle();
    expect(told()).toEqual([
      { functionName: 'failing', became: 'failed' },
      { functionName: 'failing', became: 'failed' },
      { functionName: 'failing', became: 'failed' },
    ]);
  });

  it('that was refused for too many', async () => {
    const refused = bench.service.invoke({
      functionName: 'throttled',
      payload: '{}',
      invocationType: 'RequestResponse',
    });
    await expect(refused).rejects.toThrow('Rate Exceeded.');
    expect(told()).toEqual([{ functionName: 'throttled', became: 'throttled' }]);
  });
});
