import fc from 'fast-check';
import {
  describeFingerprint,
  fingerprintKey,
  keyOfIncidentId,
  mintIncidentId,
} from '../../../lambdas/core/incident.ts';
import { executionName } from '../../../lambdas/core/remediation.ts';
import { orderOf } from '../../../lambdas/core/audit-record.ts';
import { fingerprint } from './samples.ts';

describe('the key of a fingerprint', () => {
  test('stays the same, whatever is deployed', () => {
    expect(fingerprintKey(fingerprint)).toBe('df3f1abf8b613253');
  });

  test('differs where target, part or symptom differ', () => {
    const others = [
      { ...fingerprint, target: { kind: 'instance', id: 'i-0123456789abcdef1' } as const },
      { ...fingerprint, part: '/data' },
      { ...fingerprint, symptom: 'cpu-saturated' },
      { ...fingerprint, part: '', symptom: '/disk-full' },
    ];
    expect(new Set([fingerprint, ...others].map(fingerprintKey)).size).toBe(5);
  });

  test('is found in the id of each of its incidents', () => {
    expect(keyOfIncidentId(mintIncidentId(fingerprint, '89abcdef'))).toBe(fingerprintKey(fingerprint));
  });
});

test('ids of incidents and names of executions fit AWS, whatever the fingerprint', () => {
  const anyFingerprint = fc.record({
    target: fc.record({ kind: fc.constant('instance' as const), id: fc.string() }),
    part: fc.string(),
    symptom: fc.string(),
  });
  fc.assert(
    fc.property(anyFingerprint, fc.integer({ min: 1, max: 999_999_999 }), (any, run) => {
      const incidentId = mintIncidentId(any, '89abcdef');
      expect(incidentId).toMatch(/^[0-9a-f]{16}-[0-9a-f]{8}$/);
      expect(executionName({ incidentId, run })).toMatch(/^[A-Za-z0-9-]{1,64}$/);
    }),
  );
});

test('S21: the same run of an incident has the same name', () => {
  expect(executionName({ incidentId: '0123456789abcdef-89abcdef', run: 3 })).toBe('0123456789abcdef-89abcdef-run-3');
});

test('an incident is described by symptom, instance and part', () => {
  expect(describeFingerprint(fingerprint)).toBe('disk-full on i-0123456789abcdef0 /');
  expect(describeFingerprint({ ...fingerprint, part: '' })).toBe('disk-full on i-0123456789abcdef0');
});

test('records sort in the order of the flow: by run, then by place', () => {
  const orders = [orderOf(1, 2, 'decided'), orderOf(1, 10, 'acted'), orderOf(2, 1, 'closed'), orderOf(0, 0, 'opened')];
  expect(orders.toSorted()).toEqual([
    '000000#0000#opened',
    '000001#0002#decided',
    '000001#0010#acted',
    '000002#0001#closed',
  ]);
});
