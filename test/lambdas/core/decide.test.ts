import { decide } from '../../../lambdas/core/decide.ts';
import { type Facts, type InstanceFacts, known } from '../../../lambdas/core/facts.ts';
import type { Attempt } from '../../../lambdas/core/incident.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import type { Slice } from '../../../remedies/slice.ts';
import { attempt, facts, instance, NOW_EPOCH_SECONDS, policy, remedyPolicy } from './samples.ts';

const clean = diskFull;
const grow: Slice = { ...diskFull, id: 'grow-volume', title: 'grow the volume', disruption: 'process' };
const both: Policy = { ...policy, remedies: { 'disk-full': remedyPolicy, 'grow-volume': remedyPolicy } };
const observe = { ...remedyPolicy, mode: 'observe' } as const;

const after = (...attempts: Partial<Attempt>[]): Facts => ({
  ...facts,
  attempts: attempts.map((one) => ({ ...attempt, ...one })),
});
const decideOn = (seen: Facts, under = both, known: readonly Slice[] = [grow, clean]) =>
  decide(seen, { ...under, slices: known }, NOW_EPOCH_SECONDS);

describe('what is decided where no guard refuses', () => {
  test('the least disruptive remedy first', () => {
    expect(decideOn(facts)).toEqual({
      kind: 'remediate',
      reason: 'least-disruptive-untried',
      remedyId: 'disk-full',
      detail: 'clean temporary files, rotated logs and caches',
    });
  });

  test('the next rung where the first did not help', () => {
    expect(decideOn(after({ outcome: 'not-recovered' }))).toEqual({
      kind: 'remediate',
      reason: 'least-disruptive-untried',
      remedyId: 'grow-volume',
      detail: 'grow the volume',
    });
  });

  test('the same rung again only as often as its slice says', () => {
    const twice = { ...clean, maximumAttempts: 2 };
    expect(decideOn(after({}), both, [twice, grow])).toMatchObject({ remedyId: 'disk-full' });
    expect(decideOn(after({}, {}), both, [twice, grow])).toMatchObject({ remedyId: 'grow-volume' });
  });

  test('a rung that only observes is passed over', () => {
    const under = { ...policy, remedies: { 'disk-full': observe, 'grow-volume': remedyPolicy } };
    expect(decideOn(facts, under)).toMatchObject({ kind: 'remediate', remedyId: 'grow-volume' });
  });

  test('an attempt that did not start does not use up its rung', () => {
    expect(decideOn(after({ outcome: 'not-started' }, { outcome: 'not-started' }))).toMatchObject({
      kind: 'remediate',
      remedyId: 'disk-full',
    });
  });

  test('a person, after three attempts that could not start', () => {
    const stuck = after({ outcome: 'not-started' }, { outcome: 'not-started' }, { outcome: 'not-started' });
    expect(decideOn(stuck)).toEqual({ kind: 'escalate', reason: 'stuck', detail: '3 attempts could not start' });
  });

  test('a person, where no remedy is left', () => {
    expect(decideOn(after({}, { remedyId: 'grow-volume' }))).toEqual({
      kind: 'escalate',
      reason: 'ladder-exhausted',
      detail: 'tried disk-full (not-recovered), grow-volume (not-recovered); no remedy is left',
    });
  });

  test('S29: a person, where the last outcome is not known: never taken for a recovery', () => {
    const unknown = after({ outcome: 'unknown', summary: 'the command did not end in its time' });
    expect(decideOn(unknown, policy, [clean])).toEqual({
      kind: 'escalate',
      reason: 'verification-unknown',
      detail: 'after disk-full: the command did not end in its time',
    });
  });

  test('a person, where no remedy treats the symptom', () => {
    expect(decideOn({ ...facts, fingerprint: { ...facts.fingerprint, symptom: 'clock-skewed' } })).toEqual({
      kind: 'escalate',
      reason: 'no-remedy',
      detail: 'no remedy treats clock-skewed',
    });
  });
});

describe('what a refusal becomes', () => {
  test("a hold with the guard's reason, and no time to look again where nothing will change by itself", () => {
    expect(decideOn({ ...facts, killSwitch: known({ state: 'absent' }) })).toEqual({
      kind: 'hold',
      reason: 'paused',
      detail: 'this stack was never switched on: send the request "resume"',
    });
  });

  test('a hold with the time to look again where it passes', () => {
    const cooling = { ...facts, lastAct: known({ attemptId: 'a-0', startedAtEpochSeconds: NOW_EPOCH_SECONDS - 300 }) };
    expect(decideOn(cooling)).toEqual({
      kind: 'hold',
      reason: 'cooling-down',
      detail: 'the last remediation started 300 s ago; the next may start after 900 s',
      lookAgainAfterSeconds: 600,
    });
  });

  test('the cooldown does not delay telling a person that no remedy is left', () => {
    const tried = {
      ...after({}),
      lastAct: known({ attemptId: 'a-0', startedAtEpochSeconds: NOW_EPOCH_SECONDS - 300 }),
    };
    expect(decideOn(tried, policy, [clean])).toMatchObject({ kind: 'escalate', reason: 'ladder-exhausted' });
  });

  test('S23: while paused, nothing is remediated whatever was tried', () => {
    const paused = { ...after({}), killSwitch: known({ state: 'thrown' } as const) };
    expect(decideOn(paused)).toMatchObject({
      kind: 'hold',
      reason: 'paused',
      detail: 'paused by unknown: no reason given; the request "resume" switches it on',
    });
  });
});

describe('an instance that takes no commands', () => {
  const lost = known({ ...instance, ssm: { ...instance.ssm, pingStatus: 'ConnectionLost' } as InstanceFacts['ssm'] });
  const undelivered = 'SSM could not deliver the command (DeliveryTimedOut)';
  const unheard = { ...facts.symptom, undelivered };
  const openFor = (seconds: number) => ({ openedAtEpochSeconds: NOW_EPOCH_SECONDS - seconds });

  test.each([
    ['is lost', { instance: lost }, 'SSM says ConnectionLost'],
    ['did not get the check', { symptom: unheard }, undelivered],
  ])('%s: it is tried again for five minutes, then a person is told', (_, changed, why) => {
    expect(decideOn({ ...facts, ...changed, ...openFor(299) })).toMatchObject({
      kind: 'hold',
      reason: 'not-ready',
      detail: expect.stringMatching(new RegExp(`^${why.replaceAll(/[()]/g, '.')}; mend it by: `)),
      lookAgainAfterSeconds: 60,
    });
    expect(decideOn({ ...facts, ...changed, ...openFor(300) })).toEqual({
      kind: 'escalate',
      reason: 'cannot-command',
      detail: `the instance cannot take commands: ${why}`,
    });
  });

  test.each([
    ['is stopped', { ...instance, ec2State: 'stopped' }],
    ['was never known to SSM', { ...instance, ssm: undefined }],
    [
      'has too old an agent',
      { ...instance, ssm: { pingStatus: 'Online', agentVersion: '3.1.0.0', platformType: 'Linux' } },
    ],
  ])('one that %s lacks something else: it stays a hold, however long', (_, lacking) => {
    expect(decideOn({ ...facts, instance: known(lacking), ...openFor(86_400) })).toMatchObject({
      kind: 'hold',
      reason: 'not-ready',
    });
  });

  test('S5, S26: an earlier guard still refuses first', () => {
    const silent = { ...facts, instance: lost, ...openFor(900) };
    expect(decideOn({ ...silent, killSwitch: known({ state: 'absent' }) })).toMatchObject({ reason: 'paused' });
  });

  test('three repairs that it did not take say the same, and not that they are stuck', () => {
    const one = { outcome: 'not-started', undelivered: true, summary: undelivered } as const;
    expect(decideOn(after(one, one, one))).toEqual({
      kind: 'escalate',
      reason: 'cannot-command',
      detail: `the instance cannot take commands: ${undelivered}`,
    });
  });
});
