import { DescribeInstancesCommand, EC2Client, StartInstancesCommand } from '@aws-sdk/client-ec2';
import { mockClient } from 'aws-sdk-client-mock';
import { delaySeconds, lookAfterStop, type WayBack } from '../../../lambdas/acts/run-again.ts';
import { failure } from '../refused-condition.ts';

const ec2 = mockClient(EC2Client);
const ID = 'i-0123456789abcdef0';
const BEGIN: WayBack = { state: 'unknown', wentDown: false, starts: 0 };

beforeEach(() => {
  jest.useFakeTimers({ now: 0 });
  ec2.reset();
});
afterEach(() => jest.useRealTimers());

const isIn = (Name: 'running' | 'stopping' | 'stopped' | 'pending' | 'terminated') =>
  ec2.on(DescribeInstancesCommand).resolves({ Reservations: [{ Instances: [{ State: { Name } }] }] });
/** One poll, so many seconds after the stop was called. */
const pollAt = (seconds: number, before: Partial<WayBack> = {}) => {
  jest.setSystemTime(seconds * 1000);
  return lookAfterStop(ID, { ...BEGIN, ...before }, 0, 180);
};

test('what is stopped is started, and only then', async () => {
  isIn('stopping');
  await expect(pollAt(5)).resolves.toEqual({ state: 'stopping', wentDown: true, starts: 0 });
  expect(ec2).not.toHaveReceivedCommand(StartInstancesCommand);
  isIn('stopped');
  await expect(pollAt(10)).resolves.toEqual({ state: 'stopped', wentDown: true, starts: 1 });
  expect(ec2).toHaveReceivedCommandWith(StartInstancesCommand, { InstanceIds: [ID] });
  isIn('running');
  await expect(pollAt(20, { wentDown: true, starts: 1 })).resolves.toMatchObject({ end: 'runs' });
});

test('S18: a start that fails is tried again until its time is over', async () => {
  isIn('stopped');
  ec2.on(StartInstancesCommand).rejects(failure('InsufficientInstanceCapacity'));
  const tried = await pollAt(60, { starts: 3 });
  expect(tried).toMatchObject({ starts: 4, problem: expect.stringContaining('InsufficientInstanceCapacity') });
  expect(tried.end).toBeUndefined();
  await expect(pollAt(181)).resolves.toMatchObject({ end: 'late', state: 'stopped' });
});

test('S18: a stop that never ends is told when its time is over', async () => {
  isIn('stopping');
  await expect(pollAt(181)).resolves.toMatchObject({ end: 'late', state: 'stopping' });
});

test('S18: throttling and other errors cost no start: the next poll asks again', async () => {
  ec2.on(DescribeInstancesCommand).rejects(failure('RequestLimitExceeded'));
  const seen = await pollAt(30, { state: 'stopping', wentDown: true });
  expect(seen).toEqual({ state: 'unknown', wentDown: true, starts: 0 });
});

test('a stop that EC2 never got is known by the instance running on', async () => {
  isIn('running');
  expect((await pollAt(20)).end).toBeUndefined();
  await expect(pollAt(31)).resolves.toMatchObject({ end: 'never-stopped' });
});

test('an instance that was terminated meanwhile is waited for no longer', async () => {
  isIn('terminated');
  await expect(pollAt(5)).resolves.toMatchObject({ end: 'gone' });
});

test('S9: delays grow, are uneven, and have an end', () => {
  const delaysWhere = (chance: number) => {
    jest.spyOn(Math, 'random').mockReturnValue(chance);
    return [0, 1, 2, 3, 4, 9].map(delaySeconds);
  };
  expect(delaysWhere(0)).toEqual([4, 4, 8, 15, 30, 30]);
  expect(delaysWhere(0.999)).toEqual([6, 6, 12, 25, 50, 50]);
  jest.restoreAllMocks();
});
