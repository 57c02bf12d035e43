import { known, unreadable } from '../../../../lambdas/core/facts.ts';
import { autoRecovery } from '../../../../lambdas/core/guards/auto-recovery.ts';
import { blastRadius } from '../../../../lambdas/core/guards/blast-radius.ts';
import { inProgress } from '../../../../lambdas/core/guards/in-progress.ts';
import { ready } from '../../../../lambdas/core/guards/ready.ts';
import type { WholeInstance } from '../../../../lambdas/core/whole-instance.ts';
import { guardContext, instance, NOW_EPOCH_SECONDS } from '../samples.ts';
import { group, impairedFacts, impairedPolicy, whole } from '../whole-samples.ts';

const rest = { policy: impairedPolicy, remedyIds: ['instance-impaired'], nextRemedyId: 'instance-impaired' };
const asked = (changed: Partial<WholeInstance> = {}) =>
  guardContext({ ...impairedFacts, whole: known({ ...whole, ...changed }) }, rest);

describe('the auto-recovery guard', () => {
  const since = (seconds: number) => ({
    checks: { instance: 'impaired', system: 'impaired', systemImpairedSinceEpochSeconds: NOW_EPOCH_SECONDS - seconds },
  });

  test("leaves impaired hardware to EC2's own recovery first", () => {
    expect(autoRecovery(asked(since(200)))).toEqual({
      allow: false,
      reason: 'auto-recovery',
      detail: "its hardware is impaired for 200 s; EC2's automatic recovery has 900 s",
      lookAgainAfterSeconds: 700,
    });
  });

  test('allows when that had its time, where it is switched off, and where the hardware is well', () => {
    expect(autoRecovery(asked(since(900)))).toEqual({ allow: true });
    expect(autoRecovery(asked({ ...since(200), recoversAutomatically: false }))).toEqual({ allow: true });
    expect(autoRecovery(asked())).toEqual({ allow: true });
  });
});

describe('the blast-radius guard', () => {
  test.each([
    { running: 4, impaired: 1 },
    { running: 2, impaired: 2 },
    { running: 6, impaired: 3 },
  ])('allows while few of the fleet are impaired: %j', (fleet) => {
    expect(blastRadius(asked({ fleet }))).toEqual({ allow: true });
  });

  test('S8: where most of the fleet is impaired at once, nothing is done and a person is told', () => {
    expect(blastRadius(asked({ fleet: { running: 5, impaired: 3 } }))).toEqual({
      allow: false,
      reason: 'storm',
      detail: '3 of 5 opted-in instances are impaired at once: look for what they have in common',
      lookAgainAfterSeconds: 300,
    });
  });

  test('S3: a group that has no other healthy instance is left alone', () => {
    expect(blastRadius(asked({ group }))).toEqual({ allow: true });
    expect(blastRadius(asked({ group: { ...group, otherHealthyInstances: 0 } }))).toEqual({
      allow: false,
      reason: 'fleet-below-minimum',
      detail: 'no other instance of the group web is in service and healthy',
      lookAgainAfterSeconds: 300,
    });
  });

  test('refuses what it could not read, and has no say over symptoms of scripts', () => {
    const unread = guardContext({ ...impairedFacts, whole: unreadable('throttled') }, rest);
    expect(blastRadius(unread)).toMatchObject({ allow: false, reason: 'facts-unavailable' });
    expect(blastRadius(guardContext())).toEqual({ allow: true });
  });
});

test('S3: while another instance of the group is acted on, this one waits', () => {
  const groupClaim = { owner: 'a-7', expiresAtEpochSeconds: NOW_EPOCH_SECONDS + 60 };
  expect(inProgress(asked({ groupClaim }))).toMatchObject({
    allow: false,
    reason: 'in-progress',
    detail: 'a-7 acts on another instance of its group, until 2026-11-23T10:01:00.000Z at the latest',
  });
  expect(inProgress(asked({ groupClaim: { ...groupClaim, expiresAtEpochSeconds: NOW_EPOCH_SECONDS } }))).toEqual({
    allow: true,
  });
});

test('the ready guard asks for no SSM agent where no command is sent, but for an instance that runs', () => {
  const facts = { ...impairedFacts, instance: known({ ...instance, ssm: undefined, hasInstanceProfile: false }) };
  expect(ready(guardContext(facts, rest))).toEqual({ allow: true });
  const stopped = { ...impairedFacts, instance: known({ ...instance, ec2State: 'stopped' }) };
  expect(ready(guardContext(stopped, rest))).toMatchObject({ allow: false, reason: 'not-ready' });
});
