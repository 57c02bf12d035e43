import {
  CheckpointDurableExecutionCommand,
  GetDurableExecutionCommand,
  GetDurableExecutionHistoryCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  ListAliasesCommand,
  ListDurableExecutionsByFunctionCommand,
  ListFunctionsCommand,
  StopDurableExecutionCommand,
} from '@aws-sdk/client-lambda';
import { type Bench, durable, openBench } from './support/bench.ts';

describe('the Lambda API', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench(150); // a cold start on a busy machine ends long before the time-outs below
    bench.register('echo');
    bench.register('approval', durable(86_400));
    bench.register('wait', durable(590));
    bench.register('crowd', durable(86_400));
    bench.register('large', durable());
  });

  afterAll(() => bench.close());

  const start = async (functionName: string, name: string, event: unknown = {}): Promise<string> => {
    const { DurableExecutionArn } = await bench.client.send(
      new InvokeCommand({
        FunctionName: `${functionName}:live`,
        InvocationType: 'Event',
        DurableExecutionName: name,
        Payload: JSON.stringify(event),
      }),
    );
    return DurableExecutionArn ?? '';
  };

  it('lists and describes functions', async () => {
    const { Functions } = await bench.client.send(new ListFunctionsCommand({}));
    expect(Functions?.map(({ FunctionName }) => FunctionName)).toEqual(['echo', 'approval', 'wait', 'crowd', 'large']);
    expect(await bench.client.send(new GetFunctionConfigurationCommand({ FunctionName: 'wait:live' }))).toMatchObject({
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:wait:live',
      Version: '1',
      DurableConfig: { ExecutionTimeout: 590, RetentionPeriodInDays: 1 },
    });
    const { Configuration } = await bench.client.send(new GetFunctionCommand({ FunctionName: 'echo' }));
    expect(Configuration).toMatchObject({ FunctionName: 'echo', Timeout: 20, MemorySize: 128, Handler: 'index.echo' });
    const { Aliases } = await bench.client.send(new ListAliasesCommand({ FunctionName: 'echo' }));
    expect(Aliases).toMatchObject([{ Name: 'live', FunctionVersion: '1' }]);
  });

  it('describes a running execution, stops it, and then refuses its callback', async () => {
    const DurableExecutionArn = await start('approval', 'to-stop', { a: 1 });
    await bench.act('approval');
    const running = await bench.client.send(new GetDurableExecutionCommand({ DurableExecutionArn }));
    expect(running).toMatchObject({
      DurableExecutionName: 'to-stop',
      FunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:approval:1',
      Status: 'RUNNING',
      InputPayload: '{"a":1}',
      StartTimestamp: expect.any(Date),
    });
    const Error = { ErrorType: 'Operator', ErrorMessage: 'enough' };
    await bench.client.send(new StopDurableExecutionCommand({ DurableExecutionArn, Error }));
    const stopped = await bench.client.send(new GetDurableExecutionCommand({ DurableExecutionArn }));
    expect(stopped).toMatchObject({ Status: 'STOPPED', Error, EndTimestamp: expect.any(Date) });
  });

  it('refuses a checkpoint that is not of the running invocation', async () => {
    const DurableExecutionArn = await start('approval', 'stale');
    const command = new CheckpointDurableExecutionCommand({ DurableExecutionArn, CheckpointToken: 'old', Updates: [] });
    await expect(bench.client.send(command)).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'Invalid Checkpoint Token',
    });
  });

  it('tells the history of an execution that timed out', async () => {
    const DurableExecutionArn = await start('wait', 'too-long');
    expect(await bench.service.closed('too-long')).toMatchObject({ status: 'TIMED_OUT' });
    const { Events } = await bench.client.send(new GetDurableExecutionHistoryCommand({ DurableExecutionArn }));
    expect(Events?.map(({ EventType }) => EventType)).toEqual([
      'ExecutionStarted',
      'StepStarted',
      'StepSucceeded',
      'WaitStarted',
      'InvocationCompleted',
      'ExecutionTimedOut',
    ]);
    expect(Events?.[3]?.WaitStartedDetails).toMatchObject({ Duration: 600, ScheduledEndTimestamp: expect.any(Date) });
  });

  it('lists the executions of a function by status', async () => {
    await start('wait', 'another');
    await bench.service.closed('another');
    const list = async (Statuses: ('RUNNING' | 'TIMED_OUT')[]) => {
      const command = new ListDurableExecutionsByFunctionCommand({ FunctionName: 'wait', Statuses });
      const { DurableExecutions = [] } = await bench.client.send(command);
      return DurableExecutions.map(({ DurableExecutionName }) => DurableExecutionName);
    };
    expect(await list(['RUNNING'])).toEqual([]);
    expect(await list(['TIMED_OUT'])).toContain('another');
  });

  it('hands a long history to a replay in pages', async () => {
    await start('crowd', 'crowd', { steps: 1_100 });
    expect(await bench.service.closed('crowd')).toMatchObject({
      status: 'SUCCEEDED',
      result: '1100',
      operations: 1_103,
    });
  });

  it('fails an execution whose step result is larger than 256 KB', async () => {
    await start('large', 'large', { bytes: 262_144 });
    expect(await bench.service.closed('large')).toMatchObject({
      status: 'FAILED',
      error: {
        ErrorMessage: expect.stringContaining('STEP payload of 262146 bytes is too large, at most 262144 bytes'),
      },
    });
  });
});
