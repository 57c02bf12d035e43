import fc from 'fast-check';
import { RequestError } from '../../../lambdas/core/errors.ts';
import { parseRequest } from '../../../lambdas/core/request.ts';

const instanceId = 'i-0123456789abcdef0';
const who = { requestedBy: 'ana', reason: 'the deploy filled it' };
const EXAMPLE =
  'for example {"request": "heal", "instanceId": "i-0123456789abcdef0", "requestedBy": "who", "reason": "why"}';
const ONE_INSTANCE =
  '"instanceId" must name one instance, got %; allowed is i- and 8 to 17 hexadecimal digits, never a wildcard or nothing';

describe('a request that is understood', () => {
  test.each([
    ['heal', { request: 'heal', instanceId, ...who }, { request: 'heal', instanceId, ...who }],
    [
      'heal, one symptom of one part',
      { request: 'heal', instanceId, symptom: 'disk-full', part: '/data', ...who },
      { request: 'heal', instanceId, symptom: 'disk-full', part: '/data', ...who },
    ],
    [
      'maintain, the fleet',
      { request: 'maintain', chore: 'clean-caches', ...who },
      { request: 'maintain', chore: 'clean-caches', ...who },
    ],
    [
      'maintain, one instance',
      { request: 'maintain', chore: 'clean-caches', instanceId, preview: true, ...who },
      { request: 'maintain', chore: 'clean-caches', instanceId, preview: true, ...who },
    ],
    ['pause', { request: 'pause', ...who }, { request: 'pause', ...who }],
    ['resume', { request: 'resume', ...who }, { request: 'resume', ...who }],
    [
      'check-health of the whole fleet: it changes nothing, so nobody has to give a name',
      { request: 'check-health' },
      { request: 'check-health', requestedBy: 'unnamed', reason: 'none given' },
    ],
    [
      'check-health of one instance',
      { request: 'check-health', instanceId, ...who },
      { request: 'check-health', instanceId, ...who },
    ],
  ])('%s', (_, input, expected) => {
    expect(parseRequest(input)).toEqual(expected);
  });
});

describe('a request that is refused says what was wrong', () => {
  test.each<[unknown, string]>([
    [undefined, `a request is a JSON object, got nothing; ${EXAMPLE}`],
    [null, `a request is a JSON object, got null; ${EXAMPLE}`],
    ['heal', `a request is a JSON object, got "heal"; ${EXAMPLE}`],
    [[{ request: 'pause' }], `a request is a JSON object, got [{"request":"pause"}]; ${EXAMPLE}`],
    [{}, `"request" is null, allowed are heal, check-health, maintain, pause, resume; ${EXAMPLE}`],
    [
      { request: 'reboot' },
      `"request" is "reboot", allowed are heal, check-health, maintain, pause, resume; ${EXAMPLE}`,
    ],
    [
      { request: 'pause', force: true, ...who },
      'unknown key "force"; allowed are request, instanceId, symptom, part, chore, preview, requestedBy, reason',
    ],
    [
      { request: 'pause', ...who, instanceId },
      '"pause" takes no "instanceId", got "i-0123456789abcdef0"; allowed is none: it is for the whole stack',
    ],
    [
      { request: 'check-health', symptom: 'disk-full' },
      '"check-health" takes no "symptom", got "disk-full"; allowed is instanceId',
    ],
    [{ request: 'resume', reason: 'go' }, `"resume" needs "requestedBy", got nothing; ${EXAMPLE}`],
    [{ request: 'resume', requestedBy: 'ana' }, `"resume" needs "reason", got nothing; ${EXAMPLE}`],
    [
      { request: 'pause', requestedBy: '', reason: 'x' },
      '"requestedBy" is "", allowed is a text of 1 to 500 characters',
    ],
    [
      { request: 'pause', requestedBy: '  ', reason: 'x' },
      '"requestedBy" is "  ", allowed is a text of 1 to 500 characters',
    ],
    [{ request: 'maintain', chore: 'x', preview: false, ...who }, '"preview" is false, allowed is true'],
    [{ request: 'maintain', ...who }, '"maintain" needs "chore", got nothing; for example "clean-caches"'],
    [{ request: 'maintain', chore: 'clean-caches' }, `"maintain" needs "requestedBy", got nothing; ${EXAMPLE}`],
    [{ request: 'maintain', chore: 'clean-caches', instanceId: '', ...who }, ONE_INSTANCE.replace('%', '""')],
    [
      { request: 'heal', chore: 'x', ...who, instanceId },
      '"heal" takes no "chore", got "x"; allowed is instanceId, symptom, part',
    ],
    [{ request: 'heal', ...who }, ONE_INSTANCE.replace('%', 'null')],
    [{ request: 'heal', ...who, instanceId: '' }, ONE_INSTANCE.replace('%', '""')],
    [{ request: 'heal', ...who, instanceId: '*' }, ONE_INSTANCE.replace('%', '"*"')],
    [{ request: 'heal', ...who, instanceId: [instanceId] }, ONE_INSTANCE.replace('%', '["i-0123456789abcdef0"]')],
    [{ request: 'heal', ...who, instanceId, symptom: 7 }, '"symptom" is 7, allowed is a text of 1 to 500 characters'],
    [{ request: 'check-health', instanceId: 'i-*' }, ONE_INSTANCE.replace('%', '"i-*"')],
    [{ request: 'check-health', instanceId: '' }, ONE_INSTANCE.replace('%', '""')],
  ])('%j', (input, message) => {
    expect(() => parseRequest(input)).toThrow(new RequestError(message));
  });
});

describe('S1', () => {
  const targets = fc.oneof(
    fc.constantFrom(
      '',
      ' ',
      '*',
      '**',
      '%',
      '.*',
      'i-*',
      'i-?',
      'all',
      'any',
      'null',
      'undefined',
      '0',
      `${instanceId}*`,
    ),
    fc.string(),
    fc.string().map((text) => `i-${text}`),
    fc.anything().filter((value) => value !== undefined),
  );
  const noInstance = targets.filter((target) => typeof target !== 'string' || !/^i-[0-9a-f]{8,17}$/.test(target));

  test.each(['heal', 'check-health', 'maintain', 'pause', 'resume'])(
    'S1: no target that is not one instance passes "%s"',
    (request) => {
      fc.assert(
        fc.property(noInstance, (target) => {
          expect(() => parseRequest({ request, instanceId: target, ...who })).toThrow(RequestError);
        }),
        { numRuns: 1000 },
      );
    },
  );

  test('S1: without a target nothing is healed', () => {
    expect(() => parseRequest({ request: 'heal', ...who })).toThrow(RequestError);
  });
});
