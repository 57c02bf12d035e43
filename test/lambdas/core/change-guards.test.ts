import { refusalOfChange } from '../../../lambdas/core/change-guards.ts';
import { type Facts, known, unreadable } from '../../../lambdas/core/facts.ts';
import { instance, NOW_EPOCH_SECONDS } from './samples.ts';
import { impairedFacts, impairedPolicy, whole } from './whole-samples.ts';

const refusal = (changed: Partial<Facts> = {}, claimsHeld = true, policy = impairedPolicy) =>
  refusalOfChange(
    'stop-start-instance',
    'instance-impaired-stop-start',
    { ...impairedFacts, ...changed },
    claimsHeld,
    policy,
    NOW_EPOCH_SECONDS,
  );

test('where everything allows, nothing refuses', () => {
  expect(refusal()).toBeUndefined();
});

test('S5: is refused while paused, never switched on, or where that cannot be read', () => {
  expect(refusal({ killSwitch: known({ state: 'thrown' }) })).toMatchObject({ kind: 'refused', reason: 'paused' });
  expect(refusal({ killSwitch: known({ state: 'absent' }) })).toMatchObject({ kind: 'refused', reason: 'paused' });
  expect(refusal({ killSwitch: unreadable('throttled') })).toMatchObject({ reason: 'facts-unavailable' });
});

test('S23: is refused while its own rung only observes', () => {
  const id = 'instance-impaired-stop-start';
  const remedies = { ...impairedPolicy.remedies, [id]: { mode: 'observe', settings: {}, documents: {} } } as const;
  expect(refusal({}, true, { ...impairedPolicy, remedies })).toMatchObject({ reason: 'observe-only' });
});

test('S26: is refused where the instance is opted out, not opted in, or its tags cannot be read', () => {
  expect(refusal({ instance: known({ ...instance, optedOutBy: ['web'] }) })).toMatchObject({ reason: 'opted-out' });
  expect(refusal({ instance: known({ ...instance, tags: {} }) })).toMatchObject({ reason: 'not-opted-in' });
  expect(refusal({ instance: unreadable('throttled') })).toMatchObject({ reason: 'facts-unavailable' });
});

test('S19: is refused where the checks pass again, or say nothing', () => {
  expect(refusal({ symptom: { verdict: 'healthy', evidence: 'ok' } })).toMatchObject({ reason: 'already-healthy' });
  expect(refusal({ symptom: { verdict: 'unknown', evidence: 'initializing' } })).toMatchObject({
    reason: 'facts-unavailable',
  });
});

test('S22: is refused where a claim was lost', () => {
  expect(refusal({}, false)).toMatchObject({ kind: 'refused', reason: 'in-progress' });
});

test('S8, S3: is refused where too many are impaired meanwhile', () => {
  const storm = known({ ...whole, fleet: { running: 4, impaired: 3 } });
  expect(refusal({ whole: storm })).toMatchObject({ kind: 'refused', reason: 'storm' });
});

test('S18: is refused where a stop would lose something meanwhile', () => {
  const lost = known({ ...whole, publicAddress: 'lost-at-stop' } as const);
  expect(refusal({ whole: lost })).toEqual({
    kind: 'not-started',
    detail: 'its public address is no Elastic IP, a stop would lose it',
  });
});
