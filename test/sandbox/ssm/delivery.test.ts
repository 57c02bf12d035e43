import { FIRST, ssmWithStubs } from './ssm-with-stubs.ts';

let world: ReturnType<typeof ssmWithStubs>;
beforeEach(() => {
  world = ssmWithStubs(600);
});
afterEach(() => world.ssm.stop());

test('a command that is never delivered times out, without having run', async () => {
  world.ssm.faults.neverDeliver(FIRST);
  const id = await world.send({ TimeoutSeconds: 60 });
  expect(await world.completed(id)).toMatchObject({ status: 'TimedOut', statusDetails: 'DeliveryTimedOut' });
  expect(world.first.scripts).toEqual([]);
  const { Commands } = await world.call('ListCommands', { CommandId: id });
  expect(Commands).toMatchObject([{ Status: 'TimedOut', StatusDetails: 'DeliveryTimedOut', DeliveryTimedOutCount: 1 }]);
});

test('one instance runs five commands at a time', async () => {
  world.first.answer = 'wait';
  const ids: string[] = [];
  for (let n = 0; n < 6; n++) ids.push(await world.send({ TimeoutSeconds: 600_000 }));
  await new Promise((resolve) => setImmediate(resolve));
  expect(world.first.scripts).toHaveLength(5);
  world.first.release();
  await world.completed(ids[0] ?? '');
  world.first.answer = {};
  expect(await world.completed(ids[5] ?? '')).toMatchObject({ status: 'Success' });
});

test('a command is cancelled while it waits, and while it runs', async () => {
  world.first.answer = 'wait';
  const running = await world.send();
  await world.call('CancelCommand', { CommandId: running });
  expect(await world.completed(running)).toMatchObject({ status: 'Cancelled' });
  world.ssm.faults.neverDeliver(FIRST);
  const waiting = await world.send({ TimeoutSeconds: 600_000 });
  await world.call('CancelCommand', { CommandId: waiting, InstanceIds: [FIRST] });
  expect(await world.completed(waiting)).toMatchObject({ status: 'Cancelled' });
  await expect(world.call('CancelCommand', { CommandId: 'no-such' })).rejects.toThrow('InvalidCommandId');
});

test('an instance that ends under a command leaves it in progress until its time is over', async () => {
  world.first.answer = 'wait';
  const id = await world.send({ Parameters: { commands: ['true'], executionTimeout: ['60'] } });
  await new Promise((resolve) => setImmediate(resolve));
  world.first.exec = async () => ({ exitCode: 1, stdout: '', stderr: '', timedOut: false });
  const second = await world.send({ Parameters: { commands: ['true'], executionTimeout: ['60'] } });
  expect(await world.completed(second)).toMatchObject({ status: 'TimedOut', statusDetails: 'ExecutionTimedOut' });
  const { Commands } = await world.call('ListCommands', { CommandId: id });
  expect(Commands).toMatchObject([{ Status: 'InProgress' }]);
});

test('a delivery can be late, and its output be cut', async () => {
  world.ssm.faults.delayMillis = 150;
  world.ssm.faults.truncateStdoutBytes = 3;
  world.first.answer = { stdout: 'abcdef' };
  const sentAtMillis = Date.now();
  const id = await world.send();
  await world.completed(id);
  expect(Date.now() - sentAtMillis).toBeGreaterThanOrEqual(150);
  expect(await world.call('GetCommandInvocation', { CommandId: id, InstanceId: FIRST })).toMatchObject({
    Status: 'Success',
    StandardOutputContent: 'abc',
  });
});
