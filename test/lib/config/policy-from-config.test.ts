import type { Config } from '../../../lib/config/config.ts';
import { configuredSlice, policyFromConfig } from '../../../lib/config/policy-from-config.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import { actSlices, slices as registered } from '../../../remedies/index.ts';
import { CHORE_DOCUMENTS } from './chore-documents.ts';

const documents = Object.fromEntries(
  registered.map(({ id, undo }) => [
    id,
    { check: `${id}-c1`, repair: `${id}-r1`, ...('script' in undo ? { undo: `${id}-u1` } : {}) },
  ]),
);
const policyOf = (config: Config) => policyFromConfig(config, documents, CHORE_DOCUMENTS);

test('S23: without a word of the operator, everything observes and nothing is expendable', () => {
  const { digest, slices, maintenance, ...policy } = policyOf({});
  expect(maintenance).toMatchObject({ mode: 'observe', windows: [], maxConcurrency: '10%', maxErrors: '1' });
  expect(policy).toEqual({
    stack: 'self-healing',
    remedies: Object.fromEntries(
      [...registered, ...actSlices].map(({ id }) => [
        id,
        { mode: 'observe', settings: {}, documents: documents[id] ?? {} },
      ]),
    ),
    expendable: '',
    protected: '',
    services: [],
    agentMode: 'report',
    metricNamespace: 'SelfHealing',
    warmUpSeconds: 600,
    minimumAgentVersion: '3.3.2746.0',
    holdDeadlineSeconds: 900,
    deliveryTimeoutSeconds: 60,
  });
  expect(
    slices.map(({ id, detection, soakSeconds, cooldownSeconds }) => [
      id,
      detection?.threshold,
      soakSeconds,
      cooldownSeconds,
    ]),
  ).toEqual(
    [...actSlices, ...registered].map(({ id, detection, soakSeconds, cooldownSeconds }) => [
      id,
      detection?.threshold,
      soakSeconds,
      cooldownSeconds,
    ]),
  );
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
});

test("a remedy's own mode wins over the overall one", () => {
  const { remedies } = policyOf({ mode: 'act', remedies: { 'cpu-saturated': { mode: 'observe' } } });
  expect(remedies['disk-full']?.mode).toBe('act');
  expect(remedies['cpu-saturated']?.mode).toBe('observe');
});

test('a threshold reaches the alarm and, as a setting, the scripts', () => {
  const config = { remedies: { 'disk-full': { thresholdPercent: 80, settings: { StopAtPercent: '60' } } } };
  expect(configuredSlice(diskFull, config).detection.threshold).toBe(80);
  expect(configuredSlice(diskFull, {}).detection.threshold).toBe(90);
  expect(policyOf(config).remedies['disk-full']?.settings).toEqual({ ThresholdPercent: '80', StopAtPercent: '60' });
});

test('lists of processes are written as the scripts read them', () => {
  const { expendable, protected: spared } = policyOf({
    expendable: [{ command: 'batch-*' }, { user: 'nightly' }],
    protected: [{ unit: 'postgresql.service' }, { slice: 'payments.slice' }],
  });
  expect(expendable).toBe('command=batch-*;user=nightly');
  expect(spared).toBe('unit=postgresql.service;slice=payments.slice');
});

test('the digest is the same for the same policy', () => {
  expect(policyOf({ mode: 'observe' }).digest).toBe(policyOf({}).digest);
});

test.each<[string, Config]>([
  ['the stack', { stackName: 'fleet' }],
  ['the mode', { mode: 'act' }],
  ["one remedy's mode", { remedies: { 'disk-full': { mode: 'act' } } }],
  ['a threshold', { remedies: { 'disk-full': { thresholdPercent: 80 } } }],
  ['a soak', { remedies: { 'disk-full': { soakSeconds: 60 } } }],
  ['a cooldown', { remedies: { 'disk-full': { cooldownSeconds: 60 } } }],
  ['a setting', { remedies: { 'disk-full': { settings: { StopAtPercent: '60' } } } }],
  ['what is expendable', { expendable: [{ command: 'batch-*' }] }],
  ['what is protected', { protected: [{ command: 'batch-*' }] }],
  ['the warm-up', { warmUpSeconds: 0 }],
])('the digest changes with %s', (_, config) => {
  expect(policyOf(config).digest).not.toBe(policyOf({}).digest);
});

test('the digest changes with a script', () => {
  const other = { ...documents, 'disk-full': { check: 'disk-full-c1', repair: 'disk-full-r2' } };
  expect(policyFromConfig({}, other, CHORE_DOCUMENTS).digest).not.toBe(policyOf({}).digest);
});

test('a setting by which a remedy disturbs more makes it one that does, for whatever judges by its disruption', () => {
  const disruption = (settings: Record<string, string>) =>
    policyOf({ remedies: { 'disk-full': { settings } } }).slices.find(({ id }) => id === 'disk-full')?.disruption;
  expect(disruption({})).toBe('none');
  expect(disruption({ DeletedOpenFiles: 'truncate' })).toBe('none');
  expect(disruption({ DeletedOpenFiles: 'restart' })).toBe('process');
});
