import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { dependencyDown } from '../../../../lambdas/core/guards/dependency-down.ts';
import { facts, guardContext, NOW_EPOCH_SECONDS } from '../samples.ts';

const down = (ages: readonly number[]) =>
  known(
    ages.map((seconds, place) => ({
      unit: 'ledger.service',
      instanceId: `i-0000000${place}`,
      sinceEpochSeconds: NOW_EPOCH_SECONDS - seconds,
    })),
  );
const ask = (ages: readonly number[]) => dependencyDown(guardContext({ dependenciesDown: down(ages) }));

describe('the dependency-down guard', () => {
  test('allows where nothing that it comes after is down', () => {
    expect(ask([])).toEqual({ allow: true });
  });

  test('refuses while a service that it comes after is down on another instance, and looks again after a minute', () => {
    expect(ask([899])).toEqual({
      allow: false,
      reason: 'dependency-down',
      detail: 'it comes after ledger.service on i-00000000, which is down itself; it waits for that, 900 s at most',
      lookAgainAfterSeconds: 60,
    });
  });

  test('waits no longer than holds may: one that is down for long holds nobody back', () => {
    expect(ask([900])).toEqual({ allow: true });
  });

  test('names three and counts the others', () => {
    expect(ask([1, 2, 3, 4, 5, 1000])).toMatchObject({
      detail: expect.stringMatching(/^it comes after (ledger\.service on i-0000000[012],? ?){3}and 2 more, which /),
    });
  });

  test('refuses where that cannot be read', () => {
    expect(dependencyDown(guardContext({ dependenciesDown: unreadable('throttled') }))).toEqual({
      allow: false,
      reason: 'facts-unavailable',
      detail: 'what it depends on could not be read: throttled',
      lookAgainAfterSeconds: 60,
    });
  });

  test('delays nothing where no remedy is left: a person is told at once', () => {
    const { nextRemedyId: _, ...context } = guardContext();
    expect(dependencyDown({ ...context, facts: { ...facts, dependenciesDown: down([1]) } })).toEqual({ allow: true });
  });
});
