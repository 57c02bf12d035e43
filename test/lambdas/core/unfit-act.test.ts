import { unfitAct } from '../../../lambdas/core/unfit-act.ts';
import { readChecks, type WholeInstance } from '../../../lambdas/core/whole-instance.ts';
import { group, whole } from './whole-samples.ts';

test('a reboot is no remedy for impaired hardware, and is one for all else', () => {
  expect(unfitAct('reboot-instance', whole)).toBeUndefined();
  const hardware = { ...whole, checks: { instance: 'impaired', system: 'impaired' } };
  expect(unfitAct('reboot-instance', hardware)).toBe('a reboot stays on the hardware that is impaired');
});

describe('S18: a stop and start is refused beforehand', () => {
  test('never where nothing would be lost', () => {
    expect(unfitAct('stop-start-instance', whole)).toBeUndefined();
    expect(unfitAct('stop-start-instance', { ...whole, publicAddress: 'elastic' })).toBeUndefined();
  });

  test.each<[Partial<WholeInstance>, string]>([
    [{ group }, 'it belongs to the group web, which replaces what is stopped'],
    [{ rootDevice: 'instance-store' }, 'its root device is instance-store, which a stop would lose'],
    [
      { hasInstanceStore: true, instanceType: 'm5d.large' },
      'm5d.large has instance store disks, which a stop would lose',
    ],
    [{ publicAddress: 'lost-at-stop' }, 'its public address is no Elastic IP, a stop would lose it'],
    [{ spot: true }, 'it is a Spot Instance, which may not come back'],
    [
      { encryptedVolumes: ['vol-1'] },
      'its volumes vol-1 are encrypted, and this system may use no key to start it again',
    ],
    [{ stopProtected: true }, 'it is protected against being stopped'],
  ])('where it has %j', (changed, why) => {
    expect(unfitAct('stop-start-instance', { ...whole, ...changed })).toBe(why);
  });
});

describe('a replacement is for members of a group that lets it', () => {
  test.each<[Partial<typeof group> | undefined, string | undefined]>([
    [{}, undefined],
    [undefined, 'it is in no Auto Scaling group'],
    [{ optedIn: false }, 'the tag self-healing:stack of its group web does not name this stack'],
    [{ protectedFromScaleIn: true }, 'web protects it from being scaled in'],
    [{ suspendedProcesses: ['AZRebalance', 'Launch'] }, 'web has Launch suspended'],
    [{ suspendedProcesses: ['Terminate', 'Launch'] }, 'web has Launch and Terminate suspended'],
  ])('%j: %s', (changed, why) => {
    const inGroup = changed === undefined ? whole : { ...whole, group: { ...group, ...changed } };
    expect(unfitAct('replace-instance', inGroup)).toBe(why);
  });
});

test.each([
  ['ok', 'ok', 'healthy'],
  ['impaired', 'ok', 'unhealthy'],
  ['ok', 'impaired', 'unhealthy'],
  ['impaired', 'initializing', 'unhealthy'],
  ['initializing', 'initializing', 'unknown'],
  ['insufficient-data', 'ok', 'unknown'],
])('S29: status checks %s and %s say %s', (instance, system, verdict) => {
  const evidence = `status checks: instance ${instance}, system ${system}`;
  expect(readChecks({ instance, system })).toEqual({ verdict, evidence });
});

test('S29: an instance without status checks is not known to be healthy', () => {
  expect(readChecks(undefined).verdict).toBe('unknown');
});
