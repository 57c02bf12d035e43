import { alreadyHealthy } from '../../../../lambdas/core/guards/already-healthy.ts';
import { guardContext } from '../samples.ts';

describe('the already-healthy guard', () => {
  test('S19: refuses where the condition cleared, with the evidence', () => {
    const symptom = { verdict: 'healthy', evidence: '/ 41.0 % used' } as const;
    expect(alreadyHealthy(guardContext({ symptom }))).toEqual({
      allow: false,
      reason: 'already-healthy',
      detail: '/ 41.0 % used',
    });
  });

  test.each(['unhealthy', 'unknown'] as const)('S29: a reading that is %s is not healthy', (verdict) => {
    expect(alreadyHealthy(guardContext({ symptom: { verdict, evidence: '' } }))).toEqual({ allow: true });
  });
});
