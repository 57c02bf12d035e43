import { GetCommandInvocationCommand, type GetCommandInvocationCommandOutput, SSMClient } from '@aws-sdk/client-ssm';
import { mockClient } from 'aws-sdk-client-mock';
import { pollDelaysSeconds, pollFirst } from '../../../lambdas/acts/await-command.ts';
import { failure } from '../refused-condition.ts';

describe('the first polls, all in one step', () => {
  const ssm = mockClient(SSMClient);
  const ended = {
    Status: 'Success',
    StatusDetails: 'Success',
    ResponseCode: 0,
    StandardOutputContent: '/ 15.2 % used',
    StandardErrorContent: '',
  } as const;
  let polledAtMillis: number[];
  beforeEach(() => {
    jest.useFakeTimers({ now: 0 });
    ssm.reset();
    polledAtMillis = [];
  });
  afterEach(() => jest.useRealTimers());

  /** What polling comes to where SSM answers like this at each moment. */
  const pollWhere = async (answer: (atMillis: number) => Partial<GetCommandInvocationCommandOutput>) => {
    ssm.on(GetCommandInvocationCommand).callsFake(() => {
      polledAtMillis.push(Math.round(performance.now()));
      return answer(performance.now());
    });
    const polled = pollFirst('c-1', 'i-1');
    await jest.advanceTimersByTimeAsync(5_000);
    return polled;
  };
  const endsAfter = (millis: number) => pollWhere((atMillis) => (atMillis < millis ? { Status: 'InProgress' } : ended));

  test('ask for the command on the instance, and bring what it ended with', async () => {
    await expect(endsAfter(0)).resolves.toEqual({
      first: 'over',
      result: { exitCode: 0, stdout: '/ 15.2 % used', stderr: '', statusDetails: 'Success' },
    });
    expect(ssm).toHaveReceivedCommandWith(GetCommandInvocationCommand, { CommandId: 'c-1', InstanceId: 'i-1' });
    expect(polledAtMillis).toEqual([60]);
  });

  test.each([80, 300, 1_000, 1_900])('know of a script that took %i ms at most half of that later', async (millis) => {
    await endsAfter(millis);
    expect(polledAtMillis.at(-1)).toBeLessThanOrEqual((millis * 3) / 2);
  });

  test('come ever less often, and end after two seconds', async () => {
    await expect(endsAfter(60_000)).resolves.toEqual({ first: 'over' });
    expect(polledAtMillis).toEqual([60, 90, 135, 202, 303, 454, 681, 1021, 1531, 2296]);
  });

  test.each(['InvocationDoesNotExist', 'ThrottlingException', 'InternalServerError'])(
    'ask again after %s: it costs no verdict',
    async (name) => {
      const polled = pollWhere((atMillis) => {
        if (atMillis < 100) throw failure(name);
        return ended;
      });
      await expect(polled).resolves.toMatchObject({ result: { exitCode: 0 } });
    },
  );
});

test('polls come soon at first', () => {
  expect(pollDelaysSeconds(480).slice(0, 6)).toEqual([2, 3, 5, 5, 10, 10]);
});

test.each([
  [150, 155],
  [480, 485],
  [3600, 3635],
  [86_400, 86_435],
])('the polls of a command of %i s take %i s in all', (seconds, waitedSeconds) => {
  expect(pollDelaysSeconds(seconds).reduce((sum, delay) => sum + delay, 0)).toBe(waitedSeconds);
});

test('a long command is polled at most 60 times', () => {
  expect(pollDelaysSeconds(172_800).length).toBeLessThanOrEqual(60);
});
