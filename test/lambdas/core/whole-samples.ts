import { type Facts, known } from '../../../lambdas/core/facts.ts';
import type { Fingerprint } from '../../../lambdas/core/incident.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import type { GroupFacts, WholeInstance } from '../../../lambdas/core/whole-instance.ts';
import { actSlices } from '../../../remedies/index.ts';
import { facts, INSTANCE_ID, policy } from './samples.ts';

/** Samples of an impaired instance in which nothing refuses: each test changes what it is about. */

export const impairedFingerprint: Fingerprint = {
  target: { kind: 'instance', id: INSTANCE_ID },
  part: '',
  symptom: 'instance-impaired',
};

export const group: GroupFacts = {
  name: 'web',
  optedIn: true,
  desiredCapacity: 3,
  otherHealthyInstances: 2,
  protectedFromScaleIn: false,
  suspendedProcesses: [],
};

export const whole: WholeInstance = {
  ec2State: 'running',
  checks: { instance: 'impaired', system: 'ok' },
  recoversAutomatically: true,
  rootDevice: 'ebs',
  instanceType: 't3.micro',
  hasInstanceStore: false,
  publicAddress: 'none',
  spot: false,
  encryptedVolumes: [],
  stopProtected: false,
  fleet: { running: 4, impaired: 1 },
};

/** Of the three rungs, each of which acts. */
export const impairedPolicy: Policy = {
  ...policy,
  slices: [...actSlices, ...policy.slices],
  remedies: {
    ...policy.remedies,
    ...Object.fromEntries(actSlices.map(({ id }) => [id, { mode: 'act', settings: {}, documents: {} }] as const)),
  },
};

export const impairedFacts: Facts = {
  ...facts,
  fingerprint: impairedFingerprint,
  symptom: { verdict: 'unhealthy', evidence: 'status checks: instance impaired, system ok' },
  whole: known(whole),
};
