import {
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  ListAliasesCommand,
  ListDurableExecutionsByFunctionCommand,
  ListVersionsByFunctionCommand,
} from '@aws-sdk/client-lambda';
import { type Bench, durable, openBench } from './support/bench.ts';

const DAY_SECONDS = 86_400;
const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:version';

describe('versions of a function', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench(60);
    bench.register('version', { ...durable(30 * DAY_SECONDS), environment: { COLOUR: 'blue' } });
  });
  afterEach(() => bench.close());

  const functions = () => bench.service.functions;
  /** What a deployment does: change the function, publish, move the alias. */
  const deploy = (COLOUR: string): string => {
    const [, latest] = functions().versionsOf('version')[0] ?? [];
    if (latest === undefined) throw new Error('there is no $LATEST');
    functions().update({ ...latest, environment: { COLOUR } });
    const { version } = functions().publish('version');
    functions().pointAlias('version', 'live', version);
    return version;
  };
  const start = async (name: string) => {
    const request = { functionName: 'version:live', payload: '{}', durableExecutionName: name };
    const { durableExecutionArn } = await bench.service.invoke({ ...request, invocationType: 'Event' });
    await bench.service.idle();
    return durableExecutionArn;
  };
  const end = async (name: string) => JSON.parse((await bench.service.closed(name)).result ?? 'null');
  const list = async (
    more: { Qualifier?: string; MaxItems?: number; Marker?: string; ReverseOrder?: boolean } = {},
  ) => {
    const command = new ListDurableExecutionsByFunctionCommand({ FunctionName: 'version', ...more });
    const { DurableExecutions = [], NextMarker } = await bench.client.send(command);
    return { names: DurableExecutions.map(({ DurableExecutionName }) => DurableExecutionName), NextMarker };
  };

  it('keep what they are: an execution goes on in its own while new ones start in the newest', async () => {
    expect(await start('old')).toMatch(`${ARN}:1/`);
    expect(deploy('green')).toBe('2');
    expect(await start('new')).toMatch(`${ARN}:2/`);
    bench.clock.skip(DAY_SECONDS);
    expect(await end('old')).toMatchObject({ before: 'blue', after: 'blue' });
    expect(await end('new')).toMatchObject({ before: 'green', after: 'green' });
  });

  it('do not make a second start under the same name another execution', async () => {
    const first = await start('once');
    deploy('green');
    expect(await start('once')).toBe(first);
    expect(bench.service.executions()).toHaveLength(1);
  });

  it('see the clock jump, warm or cold', async () => {
    await start('sleeper');
    const before = bench.clock.nowMillis();
    bench.clock.skip(3 * DAY_SECONDS);
    const { at } = await end('sleeper');
    expect(at - before).toBeGreaterThanOrEqual(3 * DAY_SECONDS * 1000);
    expect(at - before).toBeLessThan(4 * DAY_SECONDS * 1000);
  });

  it('are published only where something changed since the newest', () => {
    expect(functions().publish('version')).toEqual({ version: '1', fresh: false });
    expect(deploy('green')).toBe('2');
    // back to what version 1 is: the newest is another, so this is a third
    expect(deploy('blue')).toBe('3');
    functions().removeVersion('version', '2');
    expect(functions().publish('version')).toEqual({ version: '3', fresh: false });
    expect(deploy('green')).toBe('4');
  });

  it('are listed, with $LATEST first, page by page', async () => {
    deploy('green');
    const FunctionName = 'version';
    const pages = [await bench.client.send(new ListVersionsByFunctionCommand({ FunctionName, MaxItems: 2 }))];
    const Marker = pages[0]?.NextMarker;
    pages.push(await bench.client.send(new ListVersionsByFunctionCommand({ FunctionName, MaxItems: 2, Marker })));
    expect(pages.map(({ Versions = [] }) => Versions.map((one) => [one.Version, one.FunctionArn]))).toEqual([
      [
        ['$LATEST', `${ARN}:$LATEST`],
        ['1', `${ARN}:1`],
      ],
      [['2', `${ARN}:2`]],
    ]);
    expect(pages[1]?.NextMarker).toBeUndefined();
    expect(pages[1]?.Versions?.[0]).toMatchObject({
      State: 'Active',
      CodeSha256: 'handlers',
      Environment: { Variables: { COLOUR: 'green' } },
      DurableConfig: { ExecutionTimeout: 2_592_000, RetentionPeriodInDays: 1 },
    });
  });

  it('are what an alias points to', async () => {
    deploy('green');
    const alias = { AliasArn: `${ARN}:live`, Name: 'live', FunctionVersion: '2' };
    expect(await bench.client.send(new GetAliasCommand({ FunctionName: 'version', Name: 'live' }))).toMatchObject(
      alias,
    );
    const aliases = async (FunctionVersion: string) =>
      (await bench.client.send(new ListAliasesCommand({ FunctionName: 'version', FunctionVersion }))).Aliases;
    expect(await aliases('2')).toMatchObject([alias]);
    expect(await aliases('1')).toEqual([]);
    await expect(
      bench.client.send(new GetAliasCommand({ FunctionName: 'version', Name: 'dead' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: `Cannot find alias arn: ${ARN}:dead` });
  });

  it('have executions, the newest first, of one version or of all, page by page', async () => {
    for (const name of ['a', 'b']) await start(name);
    deploy('green');
    await start('c');
    expect((await list()).names).toEqual(['c', 'b', 'a']);
    expect((await list({ ReverseOrder: true })).names).toEqual(['a', 'b', 'c']);
    expect((await list({ Qualifier: '1' })).names).toEqual(['b', 'a']);
    expect((await list({ Qualifier: 'live' })).names).toEqual(['c']);
    const page = await list({ MaxItems: 2 });
    expect([page.names, (await list({ MaxItems: 2, Marker: page.NextMarker ?? 'none' })).names]).toEqual([
      ['c', 'b'],
      ['a'],
    ]);
  });

  it('have executions by the time of their start', async () => {
    await start('before');
    bench.clock.skip(3_600);
    const between = new Date(bench.clock.nowMillis() - 1_800_000);
    await start('after');
    const names = async (range: { StartedAfter?: Date; StartedBefore?: Date }) => {
      const command = new ListDurableExecutionsByFunctionCommand({ FunctionName: 'version', ...range });
      const { DurableExecutions = [] } = await bench.client.send(command);
      return DurableExecutions.map(({ DurableExecutionName }) => DurableExecutionName);
    };
    expect(await names({ StartedAfter: between })).toEqual(['after']);
    expect(await names({ StartedBefore: between })).toEqual(['before']);
  });

  it('are deleted one by one, but not under an alias, and not before their executions have ended', async () => {
    await start('old');
    deploy('green');
    const remove = (Qualifier: string) =>
      bench.client.send(new DeleteFunctionCommand({ FunctionName: 'version', Qualifier }));
    const numbers = () =>
      functions()
        .versionsOf('version')
        .map(([number]) => number);
    await expect(remove('2')).rejects.toMatchObject({
      name: 'ResourceConflictException',
      message: 'version 2 of version is what live points to',
    });
    await remove('1');
    expect(numbers()).toEqual(['$LATEST', '1', '2']);
    bench.clock.skip(DAY_SECONDS);
    expect(await end('old')).toMatchObject({ after: 'blue' });
    await bench.service.idle();
    expect(numbers()).toEqual(['$LATEST', '2']);
  });

  it('go with their function, which goes when its last execution has ended; until then it takes no new one', async () => {
    await start('old');
    const gone = bench.service.remove('version');
    const state = new GetFunctionConfigurationCommand({ FunctionName: 'version' });
    expect((await bench.client.send(state)).State).toBe('Deleting');
    await expect(start('late')).rejects.toMatchObject({ name: 'ResourceConflictException' });
    expect((await list()).names).toEqual(['old']);
    bench.clock.skip(DAY_SECONDS);
    await gone;
    expect(await end('old')).toMatchObject({ after: 'blue' });
    await expect(bench.client.send(state)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    // the name is free again
    bench.register('version');
  });
});
