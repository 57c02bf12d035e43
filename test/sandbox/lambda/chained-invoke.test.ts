import { type Bench, durable, openBench } from './support/bench.ts';

describe('ctx.invoke', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench(120);
    bench.register('parent', durable());
  });

  afterEach(() => bench.close());

  const run = async (child: string): Promise<unknown> => {
    const payload = JSON.stringify({ child });
    const result = await bench.service.invoke({
      functionName: 'parent:live',
      payload,
      invocationType: 'RequestResponse',
    });
    return JSON.parse(result.payload);
  };

  it('waits for a durable child, which waits itself', async () => {
    bench.register('child', durable());
    expect(await run('child:live')).toEqual({ child: 4 });
    expect(bench.acts('double')).toHaveLength(1);
    expect(bench.service.executions()).toMatchObject([
      { functionName: 'parent', invocations: 2 },
      { functionName: 'child', status: 'SUCCEEDED' },
    ]);
  });

  it('calls a plain function by its ARN', async () => {
    bench.register('echo');
    expect(await run('arn:aws:lambda:us-east-1:123456789012:function:echo')).toEqual({ child: { amount: 2 } });
  });

  it('surfaces the error of a plain function', async () => {
    bench.register('failing');
    expect(await run('failing:live')).toEqual({ failed: true, why: 'InvokeError: always' });
  });

  it('fails for a durable function without a qualifier, and for one that does not exist', async () => {
    bench.register('child', durable());
    expect(await run('child')).toEqual({
      failed: true,
      why: 'InvokeError: You cannot invoke a durable function using an unqualified ARN.',
    });
    expect(await run('nobody:live')).toMatchObject({
      failed: true,
      why: expect.stringContaining('Function not found'),
    });
  });

  it('goes on with the same child where the parent died after starting it', async () => {
    bench.register('child', durable());
    bench.service.faults.onCheckpoint = ({ operationType, index }, when) =>
      operationType === 'CHAINED_INVOKE' && index === 0 && when === 'after' ? 'kill' : undefined;
    expect(await run('child:live')).toEqual({ child: 4 });
    expect(bench.acts('double')).toHaveLength(1);
    expect(bench.service.executions()).toHaveLength(2);
  });
});
