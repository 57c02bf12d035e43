import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { optIn } from '../../../../lambdas/core/guards/opt-in.ts';
import { guardContext, instance } from '../samples.ts';

const tagged = (tags: Record<string, string>) => guardContext({ instance: known({ ...instance, tags }) });

describe('the opt-in guard', () => {
  test('allows an instance whose tag names this stack', () => {
    expect(optIn(guardContext())).toEqual({ allow: true });
  });

  test('refuses an instance without the tag', () => {
    expect(optIn(tagged({ Name: 'web' }))).toEqual({
      allow: false,
      reason: 'not-opted-in',
      detail: 'the tag self-healing:stack of i-0123456789abcdef0 must say "fleet" and has no such tag',
    });
  });

  test.each(['other-stack', 'true', '', 'Fleet', 'fleet '])('refuses an instance whose tag says "%s"', (value) => {
    expect(optIn(tagged({ 'self-healing:stack': value }))).toEqual({
      allow: false,
      reason: 'not-opted-in',
      detail: `the tag self-healing:stack of i-0123456789abcdef0 must say "fleet" and says "${value}"`,
    });
  });

  test('S23: refuses an instance that is gone', () => {
    expect(optIn(guardContext({ instance: known(undefined) }))).toEqual({
      allow: false,
      reason: 'target-gone',
      detail: 'EC2 does not know i-0123456789abcdef0 any more',
    });
  });

  test('S26: refuses where the tags cannot be read', () => {
    expect(optIn(guardContext({ instance: unreadable('access denied') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the instance and its tags could not be read: access denied',
      lookAgainAfterSeconds: 60,
    });
  });
});
