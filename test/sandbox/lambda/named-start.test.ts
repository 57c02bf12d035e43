import { InvokeCommand, type InvokeCommandInput } from '@aws-sdk/client-lambda';
import { type Bench, durable, openBench } from './support/bench.ts';

describe('a start under a name', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench(600);
    bench.register('wait', durable(86_400));
    bench.register('echo');
    bench.register('condition', durable());
  });

  afterAll(() => bench.close());

  const start = (more: Partial<InvokeCommandInput>) =>
    bench.client.send(
      new InvokeCommand({
        FunctionName: 'wait:live',
        InvocationType: 'Event',
        DurableExecutionName: 'first',
        Payload: '{"a":1}',
        ...more,
      }),
    );

  it('finds the running and the closed execution again for the same payload', async () => {
    const { DurableExecutionArn: arn } = await start({});
    expect(arn).toMatch(
      /^arn:aws:lambda:us-east-1:123456789012:function:wait:1\/durable-execution\/first\/[0-9a-f-]{36}$/,
    );
    expect(await start({})).toMatchObject({ StatusCode: 202, DurableExecutionArn: arn });
    await bench.service.closed('first');
    expect(await start({})).toMatchObject({ DurableExecutionArn: arn });
    expect(bench.service.executions()).toHaveLength(1);
  });

  it('is refused for another payload', async () => {
    await expect(start({ Payload: '{"a":2}' })).rejects.toMatchObject({
      name: 'DurableExecutionAlreadyStartedException',
      $metadata: { httpStatusCode: 409 },
    });
  });

  it('is refused for a name that is too long or holds other signs', async () => {
    const invalid = { name: 'InvalidParameterValueException' };
    await expect(start({ DurableExecutionName: 'x'.repeat(65) })).rejects.toMatchObject(invalid);
    await expect(start({ DurableExecutionName: 'a b' })).rejects.toMatchObject(invalid);
  });

  it('is refused for a function that is not durable, and for a durable one without qualifier', async () => {
    await expect(start({ FunctionName: 'echo' })).rejects.toMatchObject({ name: 'InvalidParameterValueException' });
    await expect(start({ FunctionName: 'wait' })).rejects.toThrow(
      'You cannot invoke a durable function using an unqualified ARN.',
    );
  });

  it('refuses to wait for executions that may take more than 15 minutes', async () => {
    await expect(start({ InvocationType: 'RequestResponse' })).rejects.toThrow(
      'You cannot synchronously invoke a durable function with an executionTimeout greater than 15 minutes.',
    );
  });

  it('answers a caller that waits with the result of the closed execution', async () => {
    const named: Partial<InvokeCommandInput> = {
      FunctionName: 'condition:live',
      InvocationType: 'RequestResponse',
      DurableExecutionName: 'polled',
    };
    const first = await start(named);
    const second = await start(named);
    expect(second.Payload?.transformToString()).toBe('{"polls":4}');
    expect(second.DurableExecutionArn).toBe(first.DurableExecutionArn);
  });
});
