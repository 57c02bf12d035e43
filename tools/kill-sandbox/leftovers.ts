import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What the sandbox may leave in its folder until the next start. */
const MAY_STAY = '.sandbox';

/** Mounts, loop devices and files that a sandbox which has ended left behind; one clause each. */
export function leftovers(folder: string): string[] {
  const mounts = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return [
    ...mounts.filter((line) => line.includes(folder)).map((line) => `mount ${line}`),
    ...loopDevices().filter((device) => device.includes(folder)),
    ...readdirSync(folder)
      .filter((name) => name !== MAY_STAY)
      .map((name) => `file ${join(folder, name)}`),
  ];
}

/** Files of earlier runs that a start at this time has not cleared. */
export function uncleared(folder: string, startedAtMillis: number): string[] {
  return readdirSync(join(folder, MAY_STAY), { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => lstatSync(path).ctimeMs < startedAtMillis)
    .map((path) => `file of an earlier run ${path}`);
}

function loopDevices(): string[] {
  return readdirSync('/sys/block')
    .filter((name) => name.startsWith('loop'))
    .flatMap((name) => {
      try {
        return [`loop device ${name} of ${readFileSync(`/sys/block/${name}/loop/backing_file`, 'utf8').trim()}`];
      } catch {
        return []; // in no use
      }
    });
}
