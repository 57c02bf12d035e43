import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { ready } from '../../../../lambdas/core/guards/ready.ts';
import { guardContext, instance } from '../samples.ts';

describe('the ready guard', () => {
  test('allows an instance that takes commands', () => {
    expect(ready(guardContext())).toEqual({ allow: true });
  });

  test('refuses a stopped instance, and says what mends it', () => {
    expect(ready(guardContext({ instance: known({ ...instance, ec2State: 'stopped' }) }))).toEqual({
      allow: false,
      reason: 'not-ready',
      detail: 'it is stopped; mend it by: aws ec2 start-instances --instance-ids i-0123456789abcdef0',
      lookAgainAfterSeconds: 60,
    });
  });

  test('leaves an instance that is gone to the opt-in guard', () => {
    expect(ready(guardContext({ instance: known(undefined) }))).toEqual({ allow: true });
  });

  test('refuses where the instance cannot be read', () => {
    expect(ready(guardContext({ instance: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the instance could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });
});
