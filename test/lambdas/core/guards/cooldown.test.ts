import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { cooldown } from '../../../../lambdas/core/guards/cooldown.ts';
import diskFull from '../../../../remedies/disk-full/remedy.ts';
import { attempt, facts, guardContext, NOW_EPOCH_SECONDS, policy } from '../samples.ts';

const actedAgo = (seconds: number) => ({
  lastAct: known({ attemptId: 'a-1', startedAtEpochSeconds: NOW_EPOCH_SECONDS - seconds }),
});

describe('the cooldown guard', () => {
  test('allows where nothing was done yet', () => {
    expect(cooldown(guardContext())).toEqual({ allow: true });
  });

  test('refuses within the cooldown, and looks again when it is over', () => {
    expect(cooldown(guardContext(actedAgo(100)))).toEqual({
      allow: false,
      reason: 'cooling-down',
      detail: 'the last remediation started 100 s ago; the next may start after 900 s',
      lookAgainAfterSeconds: 800,
    });
  });

  test.each([
    [899, false],
    [900, true],
    [901, true],
  ])('%i s after an act with a cooldown of 900 s: allowed is %s', (seconds, allow) => {
    expect(cooldown(guardContext(actedAgo(seconds))).allow).toBe(allow);
  });

  test('takes the longest cooldown of all remedies of the symptom', () => {
    const slices = [diskFull, { ...diskFull, id: 'grow-volume', cooldownSeconds: 3600 }];
    const rest = { policy: { ...policy, slices }, remedyIds: ['disk-full', 'grow-volume'] };
    expect(cooldown(guardContext(actedAgo(1000), rest))).toMatchObject({ lookAgainAfterSeconds: 2600 });
  });

  test('an attempt that did not start costs no cooldown', () => {
    const attempts = [{ ...attempt, outcome: 'not-started' as const }];
    expect(cooldown(guardContext({ ...actedAgo(100), attempts }))).toEqual({ allow: true });
  });

  test('S28: refuses where the last act cannot be read', () => {
    expect(cooldown(guardContext({ lastAct: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the cooldown could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });

  test('delays nothing where no remedy is left: a person is told at once', () => {
    const { nextRemedyId: _, ...context } = guardContext();
    expect(cooldown({ ...context, facts: { ...facts, ...actedAgo(1) } })).toEqual({ allow: true });
  });
});
