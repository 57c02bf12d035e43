import { limitedInstances, type Machine, missingPrerequisites } from '../../../sandbox/instance/prerequisites.ts';

const AS_ROOT = { users: 'all', make: [], enter: [] } as const;
const ROOT_ONLY = { users: 'root-only', make: [], enter: [] } as const;
const refused = (why: string) => () => ({ users: 'none', why }) as const;

function machine(facts: Partial<Machine>): Machine {
  return {
    platform: 'linux',
    userId: 1000,
    path: process.env['PATH'] ?? '',
    namespaces: () => AS_ROOT,
    kernelSetting: () => undefined,
    ...facts,
  };
}

test('nothing is missing, for root and for an ordinary user, where namespaces can be made', () => {
  expect(missingPrerequisites(machine({ userId: 0 }))).toEqual([]);
  expect(missingPrerequisites(machine({ namespaces: () => ROOT_ONLY }))).toEqual([]);
});

test('elsewhere than on Linux that is all that is said', () => {
  const elsewhere = machine({ platform: 'darwin', path: '/nowhere', namespaces: refused('not asked') });
  expect(missingPrerequisites(elsewhere)).toEqual(['Linux (this is darwin)']);
});

test('programs that are missing are told with their packages, before namespaces are tried', () => {
  const bare = machine({
    path: '/nowhere',
    namespaces: () => {
      throw new Error('tried without unshare');
    },
  });
  expect(missingPrerequisites(bare)).toContain('the program unshare (package util-linux)');
});

test.each([
  ['kernel/unprivileged_userns_clone', '0\n', 'sudo sysctl -w kernel.unprivileged_userns_clone=1'],
  ['user/max_user_namespaces', '0\n', 'sudo sysctl -w user.max_user_namespaces=15000'],
  [
    'kernel/apparmor_restrict_unprivileged_userns',
    '1\n',
    'sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0',
  ],
])('where %s forbids namespaces to users, the change that allows them is told', (setting, value, change) => {
  const forbidding = machine({
    namespaces: refused('unshare: unshare failed: Operation not permitted'),
    kernelSetting: (name) => (name === setting ? value : undefined),
  });
  expect(missingPrerequisites(forbidding)).toEqual([
    `namespaces for instances, which were refused (unshare: unshare failed: Operation not permitted); to allow them: ${change}; or run it as root: sudo npm start`,
  ]);
});

test('settings that allow them are not blamed, and root is not told to be root', () => {
  const allowing: Machine['kernelSetting'] = (name) => (name === 'user/max_user_namespaces' ? '96364\n' : undefined);
  const container = machine({ userId: 0, namespaces: refused('unshare: EPERM'), kernelSetting: allowing });
  expect(missingPrerequisites(container)).toEqual([
    'namespaces for instances, which were refused (unshare: EPERM); in a container, start that with --privileged or on the machine itself',
  ]);
});

test('a user whose instances know root alone is told so, and how to have the others', () => {
  expect(limitedInstances(machine({}))).toBeUndefined();
  const told = limitedInstances(machine({ namespaces: () => ROOT_ONLY }));
  expect(told).toMatch(/^instances have no user but root here: .*\/etc\/subuid.*uidmap/);
});
