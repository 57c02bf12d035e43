import type { Config } from '../../../lib/config/config.ts';
import { defineConfig } from '../../../lib/config/define-config.ts';
import type { ServiceConfig } from '../../../lib/config/service-config.ts';
import { policyFromConfig } from '../../../lib/config/policy-from-config.ts';
import { servicesText } from '../../../lambdas/core/services.ts';
import { slices } from '../../../remedies/index.ts';
import { servicesParameter } from '../../../remedies/services-parameter.ts';
import { CHORE_DOCUMENTS } from './chore-documents.ts';

const services: ServiceConfig[] = [
  { unit: 'ledger.service', probe: { tcp: 5432 }, control: '/etc/init.d/ledger' },
  { unit: 'orders.service', memoryMebibytes: 512, probe: { http: '8080/health' }, after: ['ledger.service'] },
  { unit: 'mail@x.service', probe: { command: '/usr/bin/mail-probe' }, after: ['ledger.service', 'orders.service'] },
];

test('services reach the policy, and scripts as one text of a strict pattern', () => {
  const documents = Object.fromEntries(slices.map(({ id }) => [id, { check: 'c', repair: 'r' }]));
  const policy = policyFromConfig(defineConfig({ services }), documents, CHORE_DOCUMENTS);
  const text = servicesText(policy.services);
  expect(text).toBe(
    'unit=ledger.service,tcp=5432,control=/etc/init.d/ledger;' +
      'unit=orders.service,memory=512,http=8080/health,after=ledger.service;' +
      'unit=mail@x.service,command=/usr/bin/mail-probe,after=ledger.service,after=orders.service',
  );
  expect(text).toMatch(new RegExp(servicesParameter.pattern));
});

const wrong = (...broken: unknown[]): string => {
  try {
    // as JavaScript may write it
    const config: Config = JSON.parse(JSON.stringify({ services: broken }));
    defineConfig(config);
    return '';
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
};

test.each<[string, unknown[], string]>([
  [
    'a unit that is no service',
    [{ unit: 'orders' }],
    'services.0.unit is "orders": allowed are letters, digits and @._:-, with .service at the end',
  ],
  ['no unit', [{}], 'services.0.unit is missing: allowed is a systemd unit, such as orders.service'],
  ['a unit twice', [{ unit: 'a.service' }, { unit: 'a.service' }], 'services has a.service twice'],
  [
    'a unit after one that is not there',
    [{ unit: 'a.service', after: ['b.service'] }],
    'services: a.service comes after b.service, which is none of them; they are a.service',
  ],
  [
    'units that wait for each other',
    [
      { unit: 'a.service', after: ['b.service'] },
      { unit: 'b.service', after: ['a.service'] },
    ],
    'services: a.service, b.service each come after the other',
  ],
  [
    'a probe of two kinds',
    [{ unit: 'a.service', probe: { tcp: 1, http: '1/' } }],
    'services.0.probe is {"tcp":1,"http":"1/"}: allowed is an object with exactly one of http (such as "8080/health"), tcp (a port), command (an absolute path)',
  ],
  [
    'a command with arguments',
    [{ unit: 'a.service', control: '/bin/ctl x' }],
    'services.0.control is "/bin/ctl x": allowed is an absolute path of letters, digits and ._-',
  ],
])('%s is refused', (_, broken, message) => {
  expect(wrong(...broken)).toBe(`self-healing.config.ts: ${message}`);
});
