import type { Incident } from '../../../lambdas/core/incident.ts';
import { comesAfter, dependenciesDown, type Service } from '../../../lambdas/core/services.ts';
import { INSTANCE_ID, NOW_EPOCH_SECONDS } from './samples.ts';

const services: Service[] = [
  { unit: 'web.service', after: ['orders.service', 'mail.service'] },
  { unit: 'orders.service', after: ['ledger.service'] },
  { unit: 'mail.service', after: ['ledger.service'] },
  { unit: 'ledger.service', after: [] },
  { unit: 'archive.service', after: [] },
];

test.each([
  ['ledger.service', []],
  ['orders.service', ['ledger.service']],
  ['web.service', ['orders.service', 'ledger.service', 'mail.service']],
  ['unknown.service', []],
])('%s comes after %j, at whatever remove', (unit, after) => {
  expect(comesAfter(unit, services)).toEqual(after);
});

test('services that each come after the other do not keep us for ever', () => {
  const circle = [
    { unit: 'a.service', after: ['b.service'] },
    { unit: 'b.service', after: ['a.service'] },
  ];
  expect(comesAfter('a.service', circle)).toEqual(['b.service', 'a.service']);
});

describe('what is down elsewhere', () => {
  const elsewhere: Incident = {
    target: { kind: 'instance', id: 'i-0fedcba987654321f' },
    part: 'ledger.service',
    symptom: 'service-down',
    incidentId: '0123456789abcdef-01234567',
    state: 'open',
    run: 1,
    openedAt: new Date(NOW_EPOCH_SECONDS * 1000).toISOString(),
    openedBy: 'alarm',
    stateChangedAt: '2026-11-23T09:59:00.000Z',
    attempts: [],
    dueAt: '2026-11-23T10:05:00.000Z',
  };
  const web = { target: { kind: 'instance', id: INSTANCE_ID }, part: 'web.service', symptom: 'service-down' } as const;
  const found = (changed: Partial<Incident> = {}) => dependenciesDown(web, services, [{ ...elsewhere, ...changed }]);

  test('is what it comes after, with an open incident on another instance', () => {
    expect(found()).toEqual([
      { unit: 'ledger.service', instanceId: 'i-0fedcba987654321f', sinceEpochSeconds: NOW_EPOCH_SECONDS },
    ]);
    expect(found({ state: 'escalated', lastReason: 'ladder-exhausted' })).toHaveLength(1);
  });

  test.each<[string, Partial<Incident>]>([
    ['what it does not come after', { part: 'archive.service' }],
    ['itself on another instance', { part: 'web.service' }],
    ['what is down on its own instance: its repair brings that back', { target: web.target }],
    ['another symptom of such a part', { symptom: 'memory-pressure' }],
    ['what is not opted in', { lastReason: 'not-opted-in' }],
    ['what is opted out', { lastReason: 'opted-out' }],
    ['what is only observed', { lastReason: 'observe-only' }],
  ])('is not %s', (_, changed) => {
    expect(found(changed)).toEqual([]);
  });
});
