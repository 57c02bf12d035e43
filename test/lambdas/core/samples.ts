import type { RemedyRequest } from '../../../lambdas/core/contract.ts';
import { type Facts, type InstanceFacts, known } from '../../../lambdas/core/facts.ts';
import type { GuardContext } from '../../../lambdas/core/guards/guard.ts';
import type { Attempt, Fingerprint } from '../../../lambdas/core/incident.ts';
import type { Policy, RemedyPolicy } from '../../../lambdas/core/policy.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';

/** Samples in which nothing refuses: each test changes what it is about. */

export const INSTANCE_ID = 'i-0123456789abcdef0';
/** 2026-11-23T10:00:00Z */
export const NOW_EPOCH_SECONDS = 1_795_428_000;

export const fingerprint: Fingerprint = {
  target: { kind: 'instance', id: INSTANCE_ID },
  part: '/',
  symptom: 'disk-full',
};

export const remedyPolicy: RemedyPolicy = {
  mode: 'act',
  settings: {},
  documents: { check: 'fleet-check-document', repair: 'fleet-repair-document' },
};

/** Of two remedies, whatever others there are. */
export const policy: Policy = {
  stack: 'fleet',
  slices: [diskFull, cpuSaturated].map(({ conflict: _conflict, disruptionWith: _with, ...data }) => data),
  remedies: { 'disk-full': remedyPolicy, 'cpu-saturated': remedyPolicy },
  expendable: 'command=batch-*',
  protected: 'user=postgres',
  services: [],
  maintenance: { mode: 'act', chores: [], windows: [], maxConcurrency: '10%', maxErrors: '1' },
  agentMode: 'report',
  metricNamespace: 'SelfHealing',
  warmUpSeconds: 600,
  minimumAgentVersion: '3.3.2746.0',
  holdDeadlineSeconds: 900,
  deliveryTimeoutSeconds: 60,
  digest: 'd1',
};

export const instance: InstanceFacts = {
  instanceId: INSTANCE_ID,
  ec2State: 'running',
  launchedAtEpochSeconds: NOW_EPOCH_SECONDS - 86_400,
  tags: { 'self-healing:stack': 'fleet' },
  optedOutBy: [],
  hasInstanceProfile: true,
  ssm: { pingStatus: 'Online', agentVersion: '3.3.3598.0', platformType: 'Linux' },
};

export const facts: Facts = {
  fingerprint,
  killSwitch: known({ state: 'released', changedBy: 'ana', changedAt: '2026-11-01T08:00:00.000Z', reason: 'go' }),
  instance: known(instance),
  claim: known(undefined),
  lastAct: known(undefined),
  dependenciesDown: known([]),
  symptom: { verdict: 'unhealthy', evidence: '/ 96.0 % used' },
  openedAtEpochSeconds: NOW_EPOCH_SECONDS - 60,
  attempts: [],
};

/** What a guard is asked with, changed where the test says so. */
export function guardContext(changed: Partial<Facts> = {}, rest: Partial<GuardContext> = {}): GuardContext {
  return {
    facts: { ...facts, ...changed },
    policy,
    remedyIds: ['disk-full'],
    nextRemedyId: 'disk-full',
    nowEpochSeconds: NOW_EPOCH_SECONDS,
    ...rest,
  };
}

export const attempt: Attempt = {
  attemptId: 'a-1',
  remedyId: 'disk-full',
  startedAt: '2026-11-23T09:40:00.000Z',
  outcome: 'not-recovered',
  summary: 'nothing was old enough',
};

export const repairRequest: RemedyRequest = {
  contract: 1,
  incidentId: '0123456789abcdef-01234567',
  attemptId: '0123456789abcdef-01234567-1-attempt-1',
  claimOwner: '0123456789abcdef-01234567-1-attempt-1',
  purpose: 'repair',
  remedyId: 'disk-full',
  fingerprint,
};
