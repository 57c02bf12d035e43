import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { inProgress } from '../../../../lambdas/core/guards/in-progress.ts';
import { facts, guardContext, NOW_EPOCH_SECONDS } from '../samples.ts';

const claimUntil = (expiresAtEpochSeconds: number) => known({ owner: 'a-7', expiresAtEpochSeconds });

describe('the in-progress guard', () => {
  test('allows where nobody holds the claim', () => {
    expect(inProgress(guardContext())).toEqual({ allow: true });
  });

  test('refuses while another attempt holds it', () => {
    expect(inProgress(guardContext({ claim: claimUntil(NOW_EPOCH_SECONDS + 1) }))).toEqual({
      allow: false,
      reason: 'in-progress',
      detail: 'a-7 acts on it, until 2026-11-23T10:00:01.000Z at the latest',
      lookAgainAfterSeconds: 60,
    });
  });

  test('S22: a claim that expired holds nobody back', () => {
    expect(inProgress(guardContext({ claim: claimUntil(NOW_EPOCH_SECONDS) }))).toEqual({ allow: true });
  });

  test('S28: refuses where the claim cannot be read', () => {
    expect(inProgress(guardContext({ claim: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'the claim could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });

  test('delays nothing where no remedy is left: a person is told at once', () => {
    const { nextRemedyId: _, ...context } = guardContext();
    expect(inProgress({ ...context, facts: { ...facts, claim: unreadable('throttled') } })).toEqual({ allow: true });
  });
});
