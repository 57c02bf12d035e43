import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';

/** What lies on an instance's disks: all but what its image brings anew, and what is in memory only, such as /run. */
const ON_DISK = ['etc', 'home', 'mnt', 'root', 'srv', 'tmp', 'var', 'data'];

/** Puts what is on an instance's disks aside, before it stops. */
export async function saveDisks(machineRoot: string, archive: string): Promise<void> {
  try {
    await promisify(execFile)('tar', ['-C', machineRoot, '--one-file-system', '-cf', archive, ...ON_DISK]);
  } catch (error) {
    // 1: a file changed meanwhile, as on a disk whose machine is switched off
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error;
  }
}

/** Puts it back, once the instance is there again. */
export async function restoreDisks(machineRoot: string, archive: string): Promise<void> {
  await promisify(execFile)('tar', ['-C', machineRoot, '-xpf', archive]);
  await rm(archive);
}
