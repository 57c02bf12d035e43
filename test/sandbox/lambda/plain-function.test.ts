import { InvokeCommand } from '@aws-sdk/client-lambda';
import { type Bench, openBench } from './support/bench.ts';

describe('a plain function', () => {
  let bench: Bench;
  let deadLetters: string[];

  beforeAll(async () => {
    bench = await openBench(600);
    deadLetters = [];
    bench.register('echo');
    bench.register('environment');
    bench.register('failing', {
      deadLetter: async (payload, error) => {
        deadLetters.push(`${payload} ${error}`);
      },
    });
    bench.register('sleeper', { timeoutSeconds: 4, reservedConcurrency: 1 });
  });

  afterAll(() => bench.close());

  const call = async (functionName: string, payload = '{}') => {
    const { payload: answer, ...rest } = await bench.service.invoke({
      functionName,
      payload,
      invocationType: 'RequestResponse',
    });
    return { ...rest, answer: JSON.parse(answer) };
  };

  it('gets its own environment, and nothing of the machine', async () => {
    process.env['LAMBDA_TEST_SECRET'] = 'secret';
    const { answer } = await call('environment:live');
    delete process.env['LAMBDA_TEST_SECRET'];
    expect(answer.variables).toEqual({
      EFFECTS_URL: expect.stringMatching(/^http:\/\/127.0.0.1:/),
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'environment',
      AWS_LAMBDA_FUNCTION_VERSION: '1',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '128',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/environment',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(/^environment\//),
      LAMBDA_TASK_ROOT: expect.stringContaining('lambda-bench-'),
      AWS_ACCESS_KEY_ID: 'AKIAENVIRONMENT',
      AWS_SECRET_ACCESS_KEY: 'sandbox',
      AWS_SESSION_TOKEN: expect.stringMatching(/^environment\//),
      AWS_ENDPOINT_URL: expect.stringMatching(/^http:\/\/127.0.0.1:/),
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
      AWS_CONFIG_FILE: '/dev/null',
      AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
      AWS_EC2_METADATA_DISABLED: 'true',
    });
    expect(answer.context).toMatchObject({
      functionName: 'environment',
      functionVersion: '1',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:environment:live',
      memoryLimitInMB: '128',
      logGroupName: '/aws/lambda/environment',
      awsRequestId: expect.stringMatching(/^[0-9a-f-]{36}$/),
    });
    expect(answer.remainingIsNumber).toBe(true);
  });

  it("lives in the sandbox's time", async () => {
    const { answer } = await call('environment');
    const [now, constructed, isDate, parsed] = answer.now;
    expect(Math.abs(now - bench.clock.nowMillis())).toBeLessThan(600_000);
    expect(Math.abs(constructed - now)).toBeLessThan(600_000);
    expect([isDate, parsed]).toEqual([true, 1_000]);
  });

  it('has its output told line by line', async () => {
    await call('environment');
    expect(bench.logs.slice(-2)).toEqual(['environment first line', 'environment second line']);
  });

  it('serves a burst of 100 events in at most ten environments, each event once', async () => {
    for (let number = 0; number < 100; number += 1) {
      const invocation = { functionName: 'echo:live', payload: JSON.stringify({ number }) };
      expect(await bench.service.invoke({ ...invocation, invocationType: 'Event' })).toMatchObject({ statusCode: 202 });
    }
    await bench.service.idle();
    const numbers = bench.acts('echo').map((body) => JSON.parse(body).number);
    expect(new Set(numbers).size).toBe(100);
    expect(numbers).toHaveLength(100);
  });

  it('answers with the error of the function', async () => {
    expect(await call('failing')).toMatchObject({
      statusCode: 200,
      functionError: 'Unhandled',
      answer: { errorType: 'TypeError', errorMessage: 'always', trace: expect.any(Array) },
    });
  });

  it('is tried three times with an event, which then goes to the dead-letter queue', async () => {
    const before = bench.acts('failing').length;
    await bench.service.invoke({ functionName: 'failing', payload: '{"n":1}', invocationType: 'Event' });
    await bench.service.idle();
    expect(bench.acts('failing').length - before).toBe(3);
    expect(deadLetters).toEqual(['{"n":1} TypeError: always']);
  });

  it('is ended at its timeout, and served by a new environment after', async () => {
    expect(await call('sleeper', '{"seconds":60}')).toMatchObject({
      functionError: 'Unhandled',
      answer: { errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out after 4.00 seconds' },
    });
    expect(await call('sleeper', '{"seconds":0}')).toMatchObject({ answer: 'slept' });
  });

  it('is throttled where more than 100 callers would wait', async () => {
    const calls = Array.from({ length: 102 }, () => call('sleeper', '{"seconds":0}'));
    const results = await Promise.allSettled(calls);
    const refused = results.filter(({ status }) => status === 'rejected');
    expect(refused).toMatchObject([{ reason: { type: 'TooManyRequestsException', status: 429 } }]);
  });

  it('dies with the caller of its kill, not with those of others', async () => {
    const act = bench.act('sleeper', bench.acts('sleeper').length + 1);
    const dying = call('sleeper', '{"seconds":60}');
    await act;
    expect(await bench.service.killEnvironment('AKIAECHO')).toBe(0);
    expect(await bench.service.killEnvironment('sleeper')).toBe(1);
    expect(await dying).toMatchObject({ functionError: 'Unhandled', answer: { errorType: 'Runtime.ExitError' } });
  });
});

describe('Invoke over HTTP', () => {
  let bench: Bench;

  beforeAll(async () => {
    bench = await openBench(600);
    bench.register('echo');
    bench.register('failing');
  });

  afterAll(() => bench.close());

  const send = (more: Partial<InvokeCommand['input']>) =>
    bench.client.send(new InvokeCommand({ FunctionName: 'echo', Payload: '{"é":"\\n"}', ...more }));

  it.each([
    'echo',
    'echo:live',
    '123456789012:function:echo',
    'arn:aws:lambda:us-east-1:123456789012:function:echo:live',
  ])('takes the function as %s', async (FunctionName) => {
    const { Payload, StatusCode } = await send({ FunctionName });
    expect([StatusCode, Payload?.transformToString()]).toEqual([200, '{"é":"\\n"}']);
  });

  it('says in a header that the function failed', async () => {
    expect(await send({ FunctionName: 'failing' })).toMatchObject({
      FunctionError: 'Unhandled',
      ExecutedVersion: '$LATEST',
    });
  });

  it('answers an event with 202 and a dry run with 204', async () => {
    expect(await send({ InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 });
    expect(await send({ InvocationType: 'DryRun' })).toMatchObject({ StatusCode: 204 });
  });

  it('refuses payloads that are too large or not JSON', async () => {
    const tooLarge = { name: 'RequestEntityTooLargeException', $metadata: { httpStatusCode: 413 } };
    const megabyte = JSON.stringify('x'.repeat(1024 * 1024));
    await expect(send({ InvocationType: 'Event', Payload: megabyte })).rejects.toMatchObject(tooLarge);
    await expect(send({ Payload: JSON.stringify('x'.repeat(6 * 1024 * 1024)) })).rejects.toMatchObject(tooLarge);
    await expect(send({ Payload: '{' })).rejects.toMatchObject({ name: 'InvalidRequestContentException' });
  });

  it('does not know other functions and qualifiers', async () => {
    const unknown = { name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } };
    await expect(send({ FunctionName: 'nobody' })).rejects.toMatchObject(unknown);
    await expect(send({ Qualifier: 'old' })).rejects.toMatchObject(unknown);
    await expect(send({ FunctionName: 'echo:live', Qualifier: 'old' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
  });
});
