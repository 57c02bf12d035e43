import { FIRST, SECOND, ssmWithStubs } from './ssm-with-stubs.ts';

let world: ReturnType<typeof ssmWithStubs>;
beforeEach(() => {
  world = ssmWithStubs();
});
afterEach(() => world.ssm.stop());

const visible = () => new Promise((resolve) => setTimeout(resolve, 60));

test('an invocation is not found right after it was sent, and then is', async () => {
  world.first.answer = { exitCode: 3, stdout: 'out\n', stderr: 'oops\n' };
  const id = await world.send({ Comment: 'why' });
  const asked = { CommandId: id, InstanceId: FIRST };
  await expect(world.call('GetCommandInvocation', asked)).rejects.toThrow('InvocationDoesNotExist');
  await Promise.all([world.completed(id), visible()]);
  expect(await world.call('GetCommandInvocation', asked)).toMatchObject({
    Comment: 'why',
    PluginName: 'aws_runShellScript',
    ResponseCode: 3,
    Status: 'Failed',
    StatusDetails: 'Failed',
    StandardOutputContent: 'out\n',
    StandardErrorContent: 'oops\nfailed to run commands: exit status 3',
  });
});

test('output is cut where AWS cuts it', async () => {
  world.first.answer = { exitCode: 1, stdout: 'o'.repeat(30_000), stderr: 'e'.repeat(9000) };
  const id = await world.send();
  await Promise.all([world.completed(id), visible()]);
  const found = await world.call('GetCommandInvocation', { CommandId: id, InstanceId: FIRST });
  expect(String(found['StandardOutputContent'])).toHaveLength(24_000);
  expect(String(found['StandardErrorContent'])).toHaveLength(8000);
  const { CommandInvocations } = await world.call('ListCommandInvocations', { CommandId: id, Details: true });
  const cut = `${'o'.repeat(2477)}\n---Output truncated---`;
  expect(CommandInvocations).toMatchObject([
    { CommandPlugins: [{ Name: 'aws_runShellScript', ResponseCode: 1, Output: cut }] },
  ]);
});

test('a step that runs has no response code and no output yet', async () => {
  world.first.answer = 'wait';
  const id = await world.send();
  await visible();
  expect(await world.call('GetCommandInvocation', { CommandId: id, InstanceId: FIRST })).toMatchObject({
    Status: 'InProgress',
    ResponseCode: -1,
    StandardOutputContent: '',
  });
});

test('commands are listed newest first, by page and by filter', async () => {
  const first = await world.send({ Comment: 'one' });
  await world.completed(first);
  world.first.answer = 'wait';
  await world.send({ Comment: 'two' });
  await world.send({ Comment: 'three', InstanceIds: [SECOND] });
  const page = await world.call('ListCommands', { MaxResults: 2 });
  expect(page).toMatchObject({ Commands: [{ Comment: 'three' }, { Comment: 'two' }], NextToken: '2' });
  const rest = await world.call('ListCommands', { MaxResults: 2, NextToken: page['NextToken'] });
  expect(rest).toMatchObject({ Commands: [{ Comment: 'one' }] });
  expect(rest['NextToken']).toBeUndefined();
  const count = async (input: Record<string, unknown>) =>
    Object.values((await world.call('ListCommands', input))['Commands'] ?? []).length;
  expect(await count({ InstanceId: FIRST })).toBe(2);
  expect(await count({ InstanceId: FIRST, Filters: [{ key: 'Status', value: 'Success' }] })).toBe(1);
  expect(await count({ Filters: [{ key: 'DocumentName', value: 'other' }] })).toBe(0);
  expect(await count({ Filters: [{ key: 'InvokedAfter', value: new Date(Date.now() - 60_000).toISOString() }] })).toBe(
    3,
  );
  expect(await count({ Filters: [{ key: 'InvokedAfter', value: new Date(Date.now() + 60_000).toISOString() }] })).toBe(
    0,
  );
  await expect(count({ Filters: [{ key: 'Colour', value: 'red' }] })).rejects.toThrow('InvalidFilterKey');
});

test('instances are described with the state of their agent', async () => {
  const all = await world.call('DescribeInstanceInformation');
  expect(all['InstanceInformationList']).toMatchObject([
    { InstanceId: FIRST, PingStatus: 'Online', AgentVersion: '3.3.3000.0', PlatformType: 'Linux' },
    { InstanceId: SECOND, PingStatus: 'Online' },
    { PingStatus: 'ConnectionLost' },
  ]);
  const Filters = [{ Key: 'InstanceIds', Values: [SECOND] }];
  const one = await world.call('DescribeInstanceInformation', { Filters });
  expect(one['InstanceInformationList']).toMatchObject([{ InstanceId: SECOND }]);
});
