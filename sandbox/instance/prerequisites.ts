import { accessSync, constants, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { namespaces } from './namespaces.ts';

/** Program that instances need, and the package that brings it. */
const PACKAGE_OF: Readonly<Record<string, string>> = {
  unshare: 'util-linux',
  nsenter: 'util-linux',
  setpriv: 'util-linux',
  setsid: 'util-linux',
  mount: 'mount',
  umount: 'mount',
  pivot_root: 'util-linux',
  flock: 'util-linux',
  findmnt: 'util-linux',
  bash: 'bash',
  awk: 'mawk or gawk',
  ps: 'procps',
  hostname: 'hostname',
};

/** The kernel's settings that forbid namespaces to ordinary users, with the value that allows them. */
const FORBIDDING = [
  { setting: 'kernel/unprivileged_userns_clone', forbids: '0', allows: '1' },
  { setting: 'user/max_user_namespaces', forbids: '0', allows: '15000' },
  { setting: 'kernel/apparmor_restrict_unprivileged_userns', forbids: '1', allows: '0' },
];

/** What is known of the machine, for tests to say otherwise. */
export interface Machine {
  readonly platform: string;
  readonly userId: number | undefined;
  readonly path: string;
  readonly namespaces: typeof namespaces;
  /** Text of a file in /proc/sys; `undefined` where there is none. */
  readonly kernelSetting: (name: string) => string | undefined;
}

const THIS_MACHINE: Machine = {
  platform: process.platform,
  userId: process.getuid?.(),
  path: process.env['PATH'] ?? '',
  namespaces,
  kernelSetting: readKernelSetting,
};

/** What this machine lacks to run instances, one clause each with the way to get it; empty where nothing is missing. */
export function missingPrerequisites(machine = THIS_MACHINE): string[] {
  if (machine.platform !== 'linux') return [`Linux (this is ${machine.platform})`];
  // sudo and cron often leave out the sbin folders.
  const folders = [...machine.path.split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(
    (folder) => folder !== '',
  );
  const missing = Object.entries(PACKAGE_OF)
    .filter(([program]) => !folders.some((folder) => isExecutable(join(folder, program))))
    .map(([program, origin]) => `the program ${program} (package ${origin})`);
  if (missing.length > 0) return missing;
  const way = machine.namespaces();
  return way.users === 'none' ? [missingNamespaces(machine, way.why)] : [];
}

/** What a person should know of the instances here, though they run; `undefined` where there is nothing to say. */
export function limitedInstances(machine = THIS_MACHINE): string | undefined {
  return machine.namespaces().users === 'root-only'
    ? 'instances have no user but root here: another one’s files and processes cannot be made in them (a range of ids for you in /etc/subuid and /etc/subgid, the package uidmap and util-linux 2.38 give them all users)'
    : undefined;
}

function missingNamespaces(machine: Machine, why: string): string {
  const changes = FORBIDDING.filter(({ setting, forbids }) => machine.kernelSetting(setting)?.trim() === forbids).map(
    ({ setting, allows }) => `sudo sysctl -w ${setting.replace('/', '.')}=${allows}`,
  );
  const allow =
    changes.length > 0
      ? `to allow them: ${changes.join(' && ')}`
      : 'in a container, start that with --privileged or on the machine itself';
  const orRoot = machine.userId === 0 ? '' : '; or run it as root: sudo npm start';
  return `namespaces for instances, which were refused (${why}); ${allow}${orRoot}`;
}

function readKernelSetting(name: string): string | undefined {
  try {
    return readFileSync(join('/proc/sys', name), 'utf8');
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
