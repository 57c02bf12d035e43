import { outcomeOf } from '../../../lambdas/core/verdict.ts';

test.each([
  ['healthy', 'recovered'],
  ['unhealthy', 'not-recovered'],
  ['unknown', 'unknown'],
] as const)('S29: a reading that is %s makes the outcome %s', (verdict, outcome) => {
  expect(outcomeOf({ verdict, evidence: '' })).toBe(outcome);
});
