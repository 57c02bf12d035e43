import { mode } from '../../../../lambdas/core/guards/mode.ts';
import { guardContext, policy, remedyPolicy } from '../samples.ts';

const observing = { ...remedyPolicy, mode: 'observe' } as const;

describe('the mode guard', () => {
  test('allows where a remedy of the symptom may act', () => {
    expect(mode(guardContext())).toEqual({ allow: true });
  });

  test('allows where one of two remedies may act', () => {
    const remedies = { 'disk-full': observing, 'grow-volume': remedyPolicy };
    const context = guardContext({}, { policy: { ...policy, remedies }, remedyIds: ['disk-full', 'grow-volume'] });
    expect(mode(context)).toEqual({ allow: true });
  });

  test('leaves a symptom without any remedy to the ladder', () => {
    expect(mode(guardContext({}, { remedyIds: [] }))).toEqual({ allow: true });
  });

  test('S23: refuses where every remedy only observes', () => {
    const remedies = { 'disk-full': observing, 'grow-volume': observing };
    const context = guardContext({}, { policy: { ...policy, remedies }, remedyIds: ['disk-full', 'grow-volume'] });
    expect(mode(context)).toEqual({
      allow: false,
      reason: 'observe-only',
      detail:
        'mode is "observe" for disk-full, grow-volume: nothing is changed; mode "act" in self-healing.config.ts lets it act',
    });
  });

  test('S23: refuses a remedy that the policy does not know', () => {
    expect(mode(guardContext({}, { policy: { ...policy, remedies: {} } }))).toMatchObject({ reason: 'observe-only' });
  });
});
