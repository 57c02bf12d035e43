import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';

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
};

/** What this machine lacks to run instances, one clause each with the way to get it; empty where nothing is missing. */
export function missingPrerequisites(
  machine = { platform: process.platform as string, userId: process.getuid?.(), path: process.env['PATH'] ?? '' },
): string[] {
  const missing: string[] = [];
  if (machine.platform !== 'linux') missing.push(`Linux (this is ${machine.platform}; use a virtual machine)`);
  if (machine.userId !== 0) missing.push('root (run it with sudo)');
  // sudo and cron often leave out the sbin folders.
  const folders = [...machine.path.split(':'), '/usr/local/sbin', '/usr/sbin', '/sbin'].filter(
    (folder) => folder !== '',
  );
  for (const [program, origin] of Object.entries(PACKAGE_OF)) {
    if (!folders.some((folder) => isExecutable(join(folder, program)))) {
      missing.push(`the program ${program} (package ${origin})`);
    }
  }
  return missing;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
