import fc from 'fast-check';
import {
  askedPartProblem,
  defaultPart,
  fingerprintOf,
  isInstanceId,
  partProblem,
  sliceOfAlarm,
} from '../../../lambdas/core/targets.ts';
import cpuSaturated from '../../../remedies/cpu-saturated/remedy.ts';
import diskFull from '../../../remedies/disk-full/remedy.ts';
import serviceDown from '../../../remedies/service-down/remedy.ts';
import { slices } from '../../../remedies/index.ts';

const InstanceId = 'i-0123456789abcdef0';

describe('an alarm of this stack', () => {
  test('is known by its whole name', () => {
    expect(sliceOfAlarm('fleet-disk-full', 'fleet', slices)?.id).toBe('disk-full');
  });

  test.each(['disk-full', 'fleet-', 'fleet-disk', 'fleet-disk-full-2', 'other-disk-full', 'fleet-clock-skewed', ''])(
    'S23: is not "%s"',
    (name) => {
      expect(sliceOfAlarm(name, 'fleet', slices)).toBeUndefined();
    },
  );
});

describe('an instance id', () => {
  test.each(['i-01234567', 'i-0123456789abcdef0'])('is "%s"', (id) => {
    expect(isInstanceId(id)).toBe(true);
  });

  test.each([
    [''],
    ['*'],
    ['i-*'],
    ['i-0123456'],
    ['i-0123456789abcdef01'],
    ['I-0123456789abcdef0'],
    ['i-0123456789ABCDEF0'],
    ['i-0123456789abcdef0\n'],
    [' i-0123456789abcdef0'],
    ['i-0123456789abcdef0,i-0123456789abcdef1'],
    ['mi-0123456789abcdef0'],
    [undefined],
    [null],
    [['i-0123456789abcdef0']],
    [{ id: 'i-0123456789abcdef0' }],
  ])('S1: is not %j', (id) => {
    expect(isInstanceId(id)).toBe(false);
  });

  test('S1: is nothing that has no digits of its own', () => {
    fc.assert(fc.property(fc.string(), (text) => isInstanceId(`${text}*`) === false));
  });
});

describe('the incident that dimensions are about', () => {
  test('is of the instance and its part', () => {
    expect(fingerprintOf(diskFull, { InstanceId, path: '/data', fstype: 'xfs' })).toEqual({
      fingerprint: { target: { kind: 'instance', id: InstanceId }, part: '/data', symptom: 'disk-full' },
    });
  });

  test('has no part where the symptom has none', () => {
    expect(fingerprintOf(cpuSaturated, { InstanceId, cpu: 'cpu-total' })).toEqual({
      fingerprint: { target: { kind: 'instance', id: InstanceId }, part: '', symptom: 'cpu-saturated' },
    });
  });

  test.each([
    [{}, 'InstanceId is null, allowed is i- and 8 to 17 hexadecimal digits'],
    [{ InstanceId: '*', path: '/' }, 'InstanceId is "*", allowed is i- and 8 to 17 hexadecimal digits'],
    [{ InstanceId: '', path: '/' }, 'InstanceId is "", allowed is i- and 8 to 17 hexadecimal digits'],
    [{ InstanceId }, 'path of i-0123456789abcdef0 is missing'],
    [
      { InstanceId, path: '/data;reboot' },
      'part is "/data;reboot", allowed is ^/[A-Za-z0-9._/-]{0,200}$, for example /',
    ],
  ])('S1: is none for %j', (dimensions, problem) => {
    expect(fingerprintOf(diskFull, dimensions)).toEqual({ problem });
  });
});

test('a part is refused where the symptom has none', () => {
  expect(partProblem(cpuSaturated, '')).toBeUndefined();
  expect(partProblem(cpuSaturated, '/')).toBe('cpu-saturated has no parts, got "/"');
});

test('S14: a part is shown in part only', () => {
  expect(partProblem(diskFull, ` ${'a'.repeat(500)}`)).toBe(
    `part is " ${'a'.repeat(79)}", allowed is ^/[A-Za-z0-9._/-]{0,200}$, for example /`,
  );
});

test('who names no part means the root disk, or the instance; of services a person has to say which', () => {
  expect([diskFull, cpuSaturated, serviceDown].map(defaultPart)).toEqual(['/', '', undefined]);
});

test('S1: a person may ask for a service of the configuration only, one by one', () => {
  const services = [
    { unit: 'ledger.service', after: [] },
    { unit: 'orders.service', after: [] },
  ];
  const problem = (part?: string) => askedPartProblem(serviceDown, part, services);
  expect(problem('orders.service')).toBeUndefined();
  expect(problem()).toBe('"part" is missing, allowed is ledger.service, orders.service');
  expect(problem('*')).toBe('"part" is "*", allowed is ledger.service, orders.service');
  expect(askedPartProblem(serviceDown, 'sshd.service', [])).toBe(
    '"part" is "sshd.service", allowed is nothing: the configuration names no services',
  );
  expect(askedPartProblem(diskFull, '/data', services)).toBeUndefined();
});
