import { decide } from '../../../lambdas/core/decide.ts';
import { type Facts, known, unreadable } from '../../../lambdas/core/facts.ts';
import type { Outcome } from '../../../lambdas/core/reasons.ts';
import { attempt, instance, NOW_EPOCH_SECONDS } from './samples.ts';
import { group, impairedFacts, impairedPolicy, whole } from './whole-samples.ts';

const decideOn = (changed: Partial<Facts>, policy = impairedPolicy) =>
  decide({ ...impairedFacts, ...changed }, policy, NOW_EPOCH_SECONDS);
const tried = (remedyId: string, outcome: Outcome = 'not-recovered') => ({ ...attempt, remedyId, outcome });
const rebooted = tried('instance-impaired');

test('first a reboot; then a stop and start, or in a group a replacement', () => {
  expect(decideOn({})).toMatchObject({ kind: 'remediate', remedyId: 'instance-impaired' });
  const attempts = [rebooted];
  expect(decideOn({ attempts })).toMatchObject({ remedyId: 'instance-impaired-stop-start' });
  const inGroup = known({ ...whole, group });
  expect(decideOn({ attempts, whole: inGroup })).toMatchObject({ remedyId: 'instance-impaired-replace' });
});

test('S18: what does not fit is passed over, and the person who takes over is told why', () => {
  const spot = known({ ...whole, spot: true });
  expect(decideOn({ attempts: [rebooted], whole: spot })).toEqual({
    kind: 'escalate',
    reason: 'ladder-exhausted',
    detail:
      'tried instance-impaired (not-recovered); instance-impaired-stop-start does not fit: it is a Spot Instance, which may not come back; instance-impaired-replace does not fit: it is in no Auto Scaling group; no remedy is left',
  });
});

test('a rung that only observes is passed over', () => {
  const remedies = {
    ...impairedPolicy.remedies,
    'instance-impaired': { mode: 'observe', settings: {}, documents: {} },
  } as const;
  expect(decideOn({}, { ...impairedPolicy, remedies })).toMatchObject({ remedyId: 'instance-impaired-stop-start' });
});

describe('S18: an instance that this system stopped and that does not run is told at once', () => {
  const attempts = [rebooted, { ...tried('instance-impaired-stop-start', 'unknown'), summary: 'no capacity' }];
  const isStopped = known({ ...instance, ec2State: 'stopped' });

  test('that it IS STOPPED, with the command that starts it', () => {
    expect(decideOn({ attempts, instance: isStopped })).toEqual({
      kind: 'escalate',
      reason: 'left-stopped',
      detail:
        'i-0123456789abcdef0 IS STOPPED by this system (no capacity); start it: aws ec2 start-instances --instance-ids i-0123456789abcdef0',
    });
  });

  test('also while it is still stopping, while paused, and where its state cannot be read', () => {
    const stopping = known({ ...instance, ec2State: 'stopping' });
    const killSwitch = known({ state: 'thrown' } as const);
    for (const one of [stopping, unreadable<typeof instance>('throttled')]) {
      expect(decideOn({ attempts, killSwitch, instance: one })).toMatchObject({ reason: 'left-stopped' });
    }
  });

  test('but not where it runs, nor where it stopped without us', () => {
    expect(decideOn({ attempts }).reason).not.toBe('left-stopped');
    expect(decideOn({ attempts: [rebooted], instance: isStopped })).toMatchObject({
      kind: 'hold',
      reason: 'not-ready',
    });
    const never = [rebooted, tried('instance-impaired-stop-start', 'not-started')];
    expect(decideOn({ attempts: never, instance: isStopped })).toMatchObject({ kind: 'hold', reason: 'not-ready' });
  });
});
