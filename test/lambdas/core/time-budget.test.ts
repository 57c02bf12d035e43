import { claimSeconds, commandSeconds, longestTurnSeconds } from '../../../lambdas/core/time-budget.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { policy } from './samples.ts';

test('a command may take its delivery, its script and two minutes', () => {
  expect(commandSeconds(300, policy)).toBe(480);
});

test.each([
  ['disk-full', diskFull, 1800],
  ['cpu-saturated', cpuSaturated, 600],
])('S22: the claim of %s outlives delivery, script and margin', (_, slice, seconds) => {
  expect(claimSeconds(slice, policy)).toBe(seconds);
  expect(seconds).toBeGreaterThan(policy.deliveryTimeoutSeconds + slice.repairTimeoutSeconds + 120);
});

test('S22: the longest turn is three checks, repair and soak, and every try of an undo: no run is taken for dead while it works', () => {
  expect(longestTurnSeconds('disk-full', policy)).toBe(2610);
  expect(longestTurnSeconds('cpu-saturated', policy)).toBe(3060);
});

test('the longest turn grows with the soak that the operator set', () => {
  const slices = [{ ...diskFull, soakSeconds: 3600 }];
  expect(longestTurnSeconds('disk-full', { ...policy, slices })).toBe(6030);
});

test('where no remedy treats the symptom, a turn is as long as a hold may be', () => {
  expect(longestTurnSeconds('clock-skewed', policy)).toBe(1020);
});
