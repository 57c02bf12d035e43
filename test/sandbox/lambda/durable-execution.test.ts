import {
  InvokeCommand,
  SendDurableExecutionCallbackFailureCommand,
  SendDurableExecutionCallbackHeartbeatCommand,
  SendDurableExecutionCallbackSuccessCommand,
} from '@aws-sdk/client-lambda';
import { type Bench, durable, openBench } from './support/bench.ts';

describe('a durable execution', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench(600);
  });

  afterEach(() => bench.close());

  const invoke = async (name: string, event: unknown = {}): Promise<unknown> => {
    const result = await bench.client.send(
      new InvokeCommand({ FunctionName: `${name}:live`, Payload: JSON.stringify(event) }),
    );
    return JSON.parse(result.Payload?.transformToString() ?? '');
  };

  it('retries a step after its delay, with the attempt counted', async () => {
    bench.register('retry', durable());
    expect(await invoke('retry')).toEqual({ attempt: 3 });
    expect(bench.acts('flaky')).toEqual(['1', '2', '3']);
    expect(bench.service.executions()).toMatchObject([{ status: 'SUCCEEDED', invocations: 3, operations: 2 }]);
  });

  it('waits by the clock of the sandbox', async () => {
    bench.register('wait', durable());
    const startedAt = performance.now();
    const { waitedSeconds } = (await invoke('wait')) as { waitedSeconds: number };
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    expect(waitedSeconds).toBeGreaterThanOrEqual(600);
  });

  it('polls a condition and keeps its state between polls', async () => {
    bench.register('condition', durable());
    expect(await invoke('condition')).toEqual({ polls: 4 });
    expect(bench.service.executions()).toMatchObject([{ invocations: 4 }]);
  });
});

describe('a callback', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench(1_200);
    bench.register('approval', durable(864_000));
  });

  afterEach(() => bench.close());

  const start = async (event: unknown = {}): Promise<string> => {
    await bench.client.send(
      new InvokeCommand({
        FunctionName: 'approval:live',
        InvocationType: 'Event',
        DurableExecutionName: 'asked',
        Payload: JSON.stringify(event),
      }),
    );
    return bench.act('approval');
  };
  const outcome = async (): Promise<unknown> => JSON.parse((await bench.service.closed('asked')).result ?? 'null');

  it('hands its result over as the text that was sent', async () => {
    const CallbackId = await start();
    const Result = Buffer.from('{"by":"alice"}');
    await bench.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId, Result }));
    expect(await outcome()).toEqual({ answer: '{"by":"alice"}' });
  });

  it('hands a failure over as an error', async () => {
    const CallbackId = await start();
    const Error = { ErrorType: 'Refused', ErrorMessage: 'not today' };
    await bench.client.send(new SendDurableExecutionCallbackFailureCommand({ CallbackId, Error }));
    expect(await outcome()).toEqual({ timedOut: false, refused: 'CallbackExternalError: not today' });
  });

  it('times out by the clock of the sandbox, and is closed then', async () => {
    const CallbackId = await start();
    expect(await outcome()).toMatchObject({ timedOut: true });
    const late = bench.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId }));
    await expect(late).rejects.toMatchObject({ name: 'CallbackTimeoutException' });
  });

  it('times out without heartbeats', async () => {
    const CallbackId = await start({ heartbeat: 1_800 });
    await bench.client.send(new SendDurableExecutionCallbackHeartbeatCommand({ CallbackId }));
    expect(await outcome()).toMatchObject({ timedOut: true, refused: expect.stringContaining('heartbeat') });
  });

  it('is not found under an id that was never given out', async () => {
    const unknown = bench.client.send(new SendDurableExecutionCallbackSuccessCommand({ CallbackId: 'bm90aGluZw==' }));
    await expect(unknown).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
