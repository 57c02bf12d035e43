import { refusalOfAct } from '../../../../lambdas/core/act-guards.ts';
import type { ChoreRequest } from '../../../../lambdas/core/contract.ts';
import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { type ChoreFacts, holdOfChore, holdOfRun } from '../../../../lambdas/core/maintenance/guards.ts';
import { facts, fingerprint, instance, NOW_EPOCH_SECONDS, policy } from '../samples.ts';

const well: ChoreFacts = {
  choreId: 'clean-caches',
  target: fingerprint.target,
  instance: known(instance),
  claim: known(undefined),
  incidents: [],
};
const hold = (changed: Partial<ChoreFacts>, purpose: 'preview' | 'clean' = 'clean') =>
  holdOfChore({ ...well, ...changed }, purpose, policy, NOW_EPOCH_SECONDS);
const changed = (part: Partial<typeof instance>) => ({ instance: known({ ...instance, ...part }) });

test('where everything allows, nothing holds', () => {
  expect(hold({})).toBeUndefined();
  expect(hold({}, 'preview')).toBeUndefined();
});

describe.each(['preview', 'clean'] as const)('the purpose "%s"', (purpose) => {
  test.each([
    ['S26: the instance is opted out', changed({ optedOutBy: ['vol-1'] }), 'opted-out'],
    ['S26: its tags cannot be read', { instance: unreadable<never>('access denied') }, 'facts-unavailable'],
    ['it is not opted in', changed({ tags: {} }), 'not-opted-in'],
    ['the target is gone', { instance: known(undefined) }, 'target-gone'],
    ['it was just launched', changed({ launchedAtEpochSeconds: NOW_EPOCH_SECONDS - 60 }), 'warming-up'],
    ['SSM does not reach it', changed({ ssm: undefined }), 'not-ready'],
  ])('%s: it is held', (_, facts_, reason) => {
    expect(hold(facts_, purpose)).toMatchObject({ allow: false, reason });
  });
});

test('an instance with an incident is left to its remediation; another one’s incident does not matter', () => {
  const other = { ...fingerprint, target: { kind: 'instance', id: 'i-00000000000000001' } } as const;
  expect(hold({ incidents: [other, fingerprint] })).toMatchObject({
    reason: 'in-progress',
    detail: 'the incident disk-full on i-0123456789abcdef0 / is not over',
  });
  expect(hold({ incidents: [other] })).toBeUndefined();
  expect(hold({ incidents: [fingerprint] }, 'preview')).toBeUndefined();
});

test('S22: a claim holds it, one that expired does not, one that cannot be read does', () => {
  const claim = (expiresAtEpochSeconds: number) => ({ claim: known({ owner: 'another', expiresAtEpochSeconds }) });
  expect(hold(claim(NOW_EPOCH_SECONDS + 1))).toMatchObject({ reason: 'in-progress' });
  expect(hold(claim(NOW_EPOCH_SECONDS))).toBeUndefined();
  expect(hold({ claim: unreadable('throttled') })).toMatchObject({ reason: 'facts-unavailable' });
});

test('S5: nothing is cleaned while the kill switch is thrown, absent or unreadable', () => {
  expect(holdOfRun(facts.killSwitch, policy)).toBeUndefined();
  expect(holdOfRun(known({ state: 'absent' }), policy)).toMatchObject({ reason: 'paused' });
  expect(holdOfRun(known({ state: 'thrown', changedBy: 'ana', reason: 'x' }), policy)).toMatchObject({
    reason: 'paused',
  });
  expect(holdOfRun(unreadable('throttled'), policy)).toMatchObject({ reason: 'facts-unavailable' });
});

describe('in the step that sends', () => {
  const request: ChoreRequest = {
    contract: 1,
    attemptId: 'clean-caches-by-hand-0-1',
    claimOwner: 'clean-caches-by-hand-0-1',
    purpose: 'clean',
    choreId: 'clean-caches',
    target: fingerprint.target,
  };
  const act = {
    request,
    killSwitch: facts.killSwitch,
    instance: known(instance),
    claimHeld: true,
    dependenciesDown: known([]),
    policy,
    nowEpochSeconds: NOW_EPOCH_SECONDS,
  };
  const observing = { ...policy, maintenance: { ...policy.maintenance, mode: 'observe' } } as const;

  test('the guards are asked again', () => {
    expect(refusalOfAct(act)).toBeUndefined();
    expect(refusalOfAct({ ...act, killSwitch: known({ state: 'absent' }) })).toMatchObject({ reason: 'paused' });
    expect(refusalOfAct({ ...act, claimHeld: false })).toMatchObject({ reason: 'in-progress' });
    expect(refusalOfAct({ ...act, instance: known({ ...instance, optedOutBy: ['web'] }) })).toMatchObject({
      reason: 'opted-out',
    });
  });

  test('S23: in mode observe cleaning is refused, whatever mode remedies have; a preview is not', () => {
    expect(refusalOfAct({ ...act, policy: observing })).toEqual({
      kind: 'refused',
      reason: 'observe-only',
      detail: 'mode is "observe" for maintenance: nothing is changed; mode "act" in self-healing.config.ts lets it act',
    });
    const preview = { ...act, request: { ...request, purpose: 'preview' } } as const;
    expect(refusalOfAct({ ...preview, policy: observing, killSwitch: unreadable('not asked') })).toBeUndefined();
    expect(refusalOfAct({ ...preview, instance: known({ ...instance, tags: {} }) })).toMatchObject({
      reason: 'not-opted-in',
    });
  });
});
