import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { killSwitch } from '../../../../lambdas/core/guards/kill-switch.ts';
import { guardContext } from '../samples.ts';

describe('the kill switch guard', () => {
  test('allows only while a person released it', () => {
    expect(killSwitch(guardContext())).toEqual({ allow: true });
  });

  test('S5: refuses a stack that was never switched on', () => {
    expect(killSwitch(guardContext({ killSwitch: known({ state: 'absent' }) }))).toEqual({
      allow: false,
      reason: 'paused',
      detail: 'this stack was never switched on: send the request "resume"',
    });
  });

  test('S5: refuses while it is thrown, and says by whom and why', () => {
    const thrown = known({ state: 'thrown', changedBy: 'ana', reason: 'release day' } as const);
    expect(killSwitch(guardContext({ killSwitch: thrown }))).toEqual({
      allow: false,
      reason: 'paused',
      detail: 'paused by ana: release day; the request "resume" switches it on',
    });
  });

  test('S5: refuses where it cannot be read, and looks again', () => {
    expect(killSwitch(guardContext({ killSwitch: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the kill switch could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });
});
