import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { optOut } from '../../../../lambdas/core/guards/opt-out.ts';
import { guardContext, instance } from '../samples.ts';

describe('the opt-out guard', () => {
  test('allows where nothing carries the tag', () => {
    expect(optOut(guardContext())).toEqual({ allow: true });
  });

  test.each([
    ['the instance', ['i-0123456789abcdef0'], 'i-0123456789abcdef0'],
    ['a volume', ['vol-1'], 'vol-1'],
    ['the group', ['web'], 'web'],
    ['all of them', ['i-0123456789abcdef0', 'vol-1', 'web'], 'i-0123456789abcdef0, vol-1, web'],
  ])('S26: refuses where the tag is on %s', (_, optedOutBy, shown) => {
    expect(optOut(guardContext({ instance: known({ ...instance, optedOutBy }) }))).toEqual({
      allow: false,
      reason: 'opted-out',
      detail: `the tag self-healing:opt-out is set on ${shown}`,
    });
  });

  test('S26: refuses where the tags cannot be read', () => {
    expect(optOut(guardContext({ instance: unreadable('timed out') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the tags could not be read: timed out',
      lookAgainAfterSeconds: 60,
    });
  });
});
