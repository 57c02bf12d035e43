import { type Namespace, type Result, readResult, startNamespace } from './namespace.ts';
import { bringSystemd, freePort, makeUnit } from './services.ts';

let namespace: Namespace;
beforeAll(async () => {
  namespace = await startNamespace({});
  await bringSystemd(namespace);
});
afterAll(() => namespace.close());

const BROKEN =
  'unit=sandbox-ledger.service;unit=sandbox-orders.service,command=/srv/sandbox-services/orders-probe;unit=sandbox-mail.service';
const quick = { ProbeSeconds: '1', StartSeconds: '5', StableSeconds: '1' };
const check = (unit: string, services: string, more: Record<string, string> = {}) =>
  namespace.script('service-down', 'check', { ...quick, Service: unit, Services: services, ...more });
const run = (unit: string, services: string, more: Record<string, string> = {}, by = '') =>
  namespace.script('service-down', 'repair', { ...quick, Service: unit, Services: services, ...more }, by);
const repair = async (unit: string, services: string, more: Record<string, string> = {}): Promise<Result> =>
  readResult(await run(unit, services, more));
const measure = async (services: string, more: Record<string, string> = {}) =>
  (
    await namespace.ask('bash /given/remedies/service-down/measure.sh', {
      SSM_Services: services,
      SSM_ProbeSeconds: '1',
      ...more,
    })
  )
    .trim()
    .split('\n')
    .toSorted();
const mainPid = async (unit: string) => Number(await namespace.ask(`systemctl show --value -p MainPID ${unit}`));
const FOREVER = 'while :; do sleep 1000; done';

describe('what break.sh makes', () => {
  const spared = async () =>
    (
      await namespace.ask(`while read -r pid start name; do
        read -r -a stat </proc/$pid/stat; echo "$name $((stat[21] - start)) \${stat[2]/[RS]/alive}"
      done </run/sandbox-decoys-service-down`)
    ).trim();
  const ALL = 'sandbox-mail 0 alive\nsandbox-archive 0 alive\nsandbox-orders 0 alive';
  const ledger = (more = {}) => repair('sandbox-ledger.service', BROKEN, more);
  const orders = (more = {}) => repair('sandbox-orders.service', BROKEN, more);

  test('is found, healed and left alone, and the decoys are spared', async () => {
    expect(await measure(BROKEN)).toEqual(['']);
    await namespace.script('service-down', 'break', {});
    await namespace.script('service-down', 'break', {});
    expect(await measure(BROKEN)).toEqual([
      '0 sandbox-mail.service',
      '1 sandbox-ledger.service',
      '1 sandbox-orders.service',
    ]);
    expect(await check('sandbox-ledger.service', BROKEN)).toEqual({
      code: 1,
      stdout: 'sandbox-ledger.service failed: signal, killed by signal 9\n',
      stderr: '',
    });
    expect(await check('sandbox-orders.service', BROKEN)).toEqual({
      code: 1,
      stdout: 'sandbox-orders.service runs, probe ended with 1\n',
      stderr: '',
    });
    expect(await check('sandbox-mail.service', BROKEN)).toMatchObject({ code: 0 });

    expect(await ledger()).toMatchObject({
      result: 'changed',
      summary: 'sandbox-ledger.service was restarted: runs, no probe',
      counts: { restarted: 1 },
      changes: [{ what: 'restarted', unit: 'sandbox-ledger.service' }],
      evidence: {
        symptom: 'sandbox-ledger.service failed: signal, killed by signal 9',
        stateBefore: 'failed (signal, last killed by signal 9), restarts by its manager: 0',
        journalBefore: ['sandbox-ledger.service: Main process exited, code=killed, status=9'],
      },
    });
    const hung = await mainPid('sandbox-orders');
    expect(await orders()).toMatchObject({
      result: 'changed',
      summary: 'sandbox-orders.service was restarted: runs, probe',
      changes: [{ what: 'restarted', unit: 'sandbox-orders.service' }],
      evidence: { stateBefore: 'running (success), restarts by its manager: 0' },
    });
    expect(await mainPid('sandbox-orders')).not.toBe(hung);
    for (const unit of ['sandbox-ledger.service', 'sandbox-orders.service']) {
      expect(await check(unit, BROKEN)).toMatchObject({ code: 0 });
      const before = await mainPid(unit);
      expect(await repair(unit, BROKEN)).toMatchObject({ result: 'already-healthy', changes: [] });
      expect(await mainPid(unit)).toBe(before);
    }
    expect(await measure(BROKEN)).toEqual([
      '0 sandbox-ledger.service',
      '0 sandbox-mail.service',
      '0 sandbox-orders.service',
    ]);
    expect(await spared()).toBe(ALL);
  });
});
