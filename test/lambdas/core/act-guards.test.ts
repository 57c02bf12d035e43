import { type ActFacts, refusalOfAct } from '../../../lambdas/core/act-guards.ts';
import { known, unreadable } from '../../../lambdas/core/facts.ts';
import { facts, instance, NOW_EPOCH_SECONDS, policy, remedyPolicy, repairRequest } from './samples.ts';

const { killSwitch } = facts;
const act: ActFacts = {
  request: repairRequest,
  killSwitch,
  instance: known(instance),
  claimHeld: true,
  dependenciesDown: known([]),
  policy,
  nowEpochSeconds: NOW_EPOCH_SECONDS,
};
const check: ActFacts = { ...act, request: { ...repairRequest, purpose: 'check' } };
const undo: ActFacts = { ...act, request: { ...repairRequest, purpose: 'undo' } };
const observing = { ...policy, remedies: { 'disk-full': { ...remedyPolicy, mode: 'observe' } } } as const;

test.each([act, check, undo])('where everything allows, nothing refuses', (allowed) => {
  expect(refusalOfAct(allowed)).toBeUndefined();
});

describe.each([
  ['repair', act],
  ['undo', undo],
])('the act "%s"', (_, allowed) => {
  test('S5: is refused where no person ever switched the stack on', () => {
    expect(refusalOfAct({ ...allowed, killSwitch: known({ state: 'absent' }) })).toEqual({
      kind: 'refused',
      reason: 'paused',
      detail: 'this stack was never switched on: send the request "resume"',
    });
  });

  test('S5: is refused while the kill switch is thrown', () => {
    const thrown = known({ state: 'thrown', changedBy: 'ana', reason: 'release' } as const);
    expect(refusalOfAct({ ...allowed, killSwitch: thrown })).toEqual({
      kind: 'refused',
      reason: 'paused',
      detail: 'paused by ana: release; the request "resume" switches it on',
    });
  });

  test('S5: is refused where the kill switch cannot be read', () => {
    expect(refusalOfAct({ ...allowed, killSwitch: unreadable('throttled') })).toEqual({
      kind: 'refused',
      reason: 'facts-unavailable',
      detail: 'the kill switch could not be read: throttled',
    });
  });

  test('S23: is refused while its remedy only observes', () => {
    expect(refusalOfAct({ ...allowed, policy: observing })).toMatchObject({ reason: 'observe-only' });
  });

  test('S22: is refused where the claim was lost', () => {
    expect(refusalOfAct({ ...allowed, claimHeld: false })).toEqual({
      kind: 'refused',
      reason: 'in-progress',
      detail: 'the claim was lost before the act',
    });
  });
});

test('a repair is refused while a service that it comes after is down elsewhere; an undo and a check are not', () => {
  const down = { unit: 'ledger.service', instanceId: 'i-0fedcba987654321f', sinceEpochSeconds: NOW_EPOCH_SECONDS - 60 };
  const dependenciesDown = known([down]);
  expect(refusalOfAct({ ...act, dependenciesDown })).toEqual({
    kind: 'refused',
    reason: 'dependency-down',
    detail:
      'it comes after ledger.service on i-0fedcba987654321f, which is down itself; it waits for that, 900 s at most',
  });
  for (const other of [undo, check]) expect(refusalOfAct({ ...other, dependenciesDown })).toBeUndefined();
});

describe.each([
  ['repair', act],
  ['undo', undo],
  ['check', check],
])('the command "%s"', (_, allowed) => {
  test.each([
    ['the instance', 'i-0123456789abcdef0'],
    ['a volume', 'vol-1'],
    ['the group', 'web'],
  ])('S26: is refused where %s is opted out', (__, by) => {
    expect(refusalOfAct({ ...allowed, instance: known({ ...instance, optedOutBy: [by] }) })).toEqual({
      kind: 'refused',
      reason: 'opted-out',
      detail: `the tag self-healing:opt-out is set on ${by}`,
    });
  });

  test('S26: is refused where the tags cannot be read', () => {
    expect(refusalOfAct({ ...allowed, instance: unreadable('access denied') })).toEqual({
      kind: 'refused',
      reason: 'facts-unavailable',
      detail: 'the instance and its tags could not be read: access denied',
    });
  });

  test('is refused where the instance is not opted in, or gone', () => {
    expect(refusalOfAct({ ...allowed, instance: known({ ...instance, tags: {} }) })).toMatchObject({
      reason: 'not-opted-in',
    });
    expect(refusalOfAct({ ...allowed, instance: known(undefined) })).toMatchObject({ reason: 'target-gone' });
  });
});

test('a check changes nothing: it runs while paused and while observing', () => {
  const off = { ...check, killSwitch: unreadable<never>('throttled'), policy: observing };
  expect(refusalOfAct(off)).toBeUndefined();
});
