import type { Parameter } from './slice.ts';

const PATH = '(/[A-Za-z0-9._-]{1,60}){1,6}';
const UNIT = '[A-Za-z0-9@._:-]{1,92}\\.service';
const FIELDS = [
  'memory=[1-9][0-9]{0,6}',
  'http=[1-9][0-9]{0,4}(/[A-Za-z0-9._-]{0,60}){1,6}',
  'tcp=[1-9][0-9]{0,4}',
  `(command|control)=${PATH}`,
  `after=${UNIT}`,
].join('|');
// unlimited, for Go, by which the agent checks it, compiles no pattern that repeats something limited more than 1,000 times in all
const SERVICE = `unit=${UNIT}(,(${FIELDS}))*`;

/** Parameter `Services` of every slice whose scripts restart services; `lambdas/core/services.ts` writes it, `services.sh` reads it. */
export const servicesParameter: Parameter = {
  source: { from: 'services' },
  pattern: `^(${SERVICE}(;${SERVICE})*)?$`,
  accepts: [
    '',
    'unit=orders.service',
    'unit=orders.service,memory=512,http=8080/health,after=ledger.service;unit=ledger.service,tcp=5432,control=/etc/init.d/ledger',
  ],
  rejects: ['orders.service', 'unit=orders', 'unit=a.service;', 'unit=a.service,http=$(id)', 'unit=a b.service'],
};
