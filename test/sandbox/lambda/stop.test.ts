import { openBench, durable } from './support/bench.ts';

test('an execution that ends because the service stops makes no dead letter', async () => {
  const dead: string[] = [];
  const bench = await openBench(1);
  bench.register('wait', { ...durable(), deadLetter: async (payload) => void dead.push(payload) });
  await bench.service.invoke({
    functionName: 'wait:live',
    payload: '{}',
    invocationType: 'Event',
    durableExecutionName: 'cut-short',
  });
  await bench.close();
  expect(await bench.service.closed('cut-short')).toMatchObject({ status: 'STOPPED' });
  await bench.service.idle();
  expect(dead).toEqual([]);
});
