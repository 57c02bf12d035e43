import { type Facts, known } from '../../../../lambdas/core/facts.ts';
import { GUARDS } from '../../../../lambdas/core/guards/index.ts';
import { decide } from '../../../../lambdas/core/decide.ts';
import { facts, instance, NOW_EPOCH_SECONDS, policy, remedyPolicy } from '../samples.ts';

test('guards are asked in this order', () => {
  expect(GUARDS.map(([name]) => name)).toEqual([
    'kill-switch',
    'mode',
    'opt-in',
    'opt-out',
    'warming-up',
    'ready',
    'in-progress',
    'dependency-down',
    'auto-recovery',
    'blast-radius',
    'cooldown',
    'already-healthy',
  ]);
});

test('the first refusal wins: mended one by one, each guard in turn gives the reason', () => {
  const sick = {
    ...instance,
    tags: {},
    optedOutBy: ['vol-1'],
    launchedAtEpochSeconds: NOW_EPOCH_SECONDS - 10,
    ec2State: 'stopped',
  };
  let now: Facts = {
    ...facts,
    killSwitch: known({ state: 'absent' }),
    instance: known(sick),
    claim: known({ owner: 'a-7', expiresAtEpochSeconds: NOW_EPOCH_SECONDS + 60 }),
    lastAct: known({ attemptId: 'a-6', startedAtEpochSeconds: NOW_EPOCH_SECONDS - 10 }),
    dependenciesDown: known([
      { unit: 'ledger.service', instanceId: 'i-0fedcba987654321f', sinceEpochSeconds: NOW_EPOCH_SECONDS },
    ]),
    symptom: { verdict: 'healthy', evidence: '/ 41.0 % used' },
  };
  let under = { ...policy, remedies: { 'disk-full': { ...remedyPolicy, mode: 'observe' as 'observe' | 'act' } } };
  const reasons: string[] = [];
  const look = () => reasons.push(decide(now, under, NOW_EPOCH_SECONDS).reason);

  look();
  now = { ...now, killSwitch: facts.killSwitch };
  look();
  under = { ...policy, remedies: { 'disk-full': remedyPolicy } };
  look();
  now = { ...now, instance: known({ ...sick, tags: instance.tags }) };
  look();
  now = { ...now, instance: known({ ...sick, tags: instance.tags, optedOutBy: [] }) };
  look();
  now = { ...now, instance: known({ ...instance, ec2State: 'stopped' }) };
  look();
  now = { ...now, instance: facts.instance };
  look();
  now = { ...now, claim: facts.claim };
  look();
  now = { ...now, dependenciesDown: facts.dependenciesDown };
  look();
  now = { ...now, lastAct: facts.lastAct };
  look();
  now = { ...now, symptom: facts.symptom };
  look();

  expect(reasons).toEqual([
    'paused',
    'observe-only',
    'not-opted-in',
    'opted-out',
    'warming-up',
    'not-ready',
    'in-progress',
    'dependency-down',
    'cooling-down',
    'already-healthy',
    'least-disruptive-untried',
  ]);
});
