import { type InstanceFacts, known, unreadable } from '../../../../lambdas/core/facts.ts';
import { warmingUp } from '../../../../lambdas/core/guards/warming-up.ts';
import { guardContext, instance, NOW_EPOCH_SECONDS } from '../samples.ts';

const read = (changed: Partial<InstanceFacts>) => guardContext({ instance: known({ ...instance, ...changed }) });
const launchedAgo = (seconds: number) => read({ launchedAtEpochSeconds: NOW_EPOCH_SECONDS - seconds });

describe('the warming-up guard', () => {
  test('allows from 10 minutes after the launch on', () => {
    expect(warmingUp(launchedAgo(600))).toEqual({ allow: true });
  });

  test('refuses before, and looks again when the time is over', () => {
    expect(warmingUp(launchedAgo(599))).toEqual({
      allow: false,
      reason: 'warming-up',
      detail: 'launched 599 s ago, left alone for the first 600 s',
      lookAgainAfterSeconds: 1,
    });
  });

  test('takes a launch in the future for one just now', () => {
    expect(warmingUp(launchedAgo(-30))).toEqual({
      allow: false,
      reason: 'warming-up',
      detail: 'launched 0 s ago, left alone for the first 600 s',
      lookAgainAfterSeconds: 630,
    });
  });

  test('refuses an instance whose launch time EC2 does not say', () => {
    expect(warmingUp(read({ launchedAtEpochSeconds: Number.POSITIVE_INFINITY }))).toMatchObject({
      allow: false,
      reason: 'warming-up',
    });
  });

  test.each(['Pending', 'Pending:Wait', 'Standby', 'Terminating:Wait'])(
    'refuses an instance whose group says %s',
    (lifecycleState) => {
      expect(warmingUp(read({ lifecycleState }))).toEqual({
        allow: false,
        reason: 'warming-up',
        detail: `its life cycle state in the group is ${lifecycleState}, not InService`,
        lookAgainAfterSeconds: 60,
      });
    },
  );

  test('allows an instance that is in service in its group', () => {
    expect(warmingUp(read({ lifecycleState: 'InService' }))).toEqual({ allow: true });
  });

  test('leaves an instance that is gone to the opt-in guard', () => {
    expect(warmingUp(guardContext({ instance: known(undefined) }))).toEqual({ allow: true });
  });

  test('refuses where the instance cannot be read', () => {
    expect(warmingUp(guardContext({ instance: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the instance could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });
});
