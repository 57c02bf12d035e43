import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BootOptions } from '../../../sandbox/instance/boot-instance.ts';
import { bootInstance } from '../../../sandbox/instance/boot-instance.ts';
import type { SandboxInstance } from '../../../sandbox/instance/instance.ts';
import { missingPrerequisites } from '../../../sandbox/instance/prerequisites.ts';

/** `describe` where this machine can run instances, else skipped. */
export const describeWithInstances = missingPrerequisites().length === 0 ? describe : describe.skip;

/** A small instance for tests; `remove` ends it and its folder. */
export async function bootTestInstance(
  sizes: Partial<BootOptions> = {},
): Promise<{ instance: SandboxInstance; run: (script: string) => Promise<string>; remove: () => Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'instance-'));
  const instance = await bootInstance({
    instanceId: 'i-0aaaaaaaaaaaaaaaa',
    hostname: 'test-1',
    folder,
    vcpus: 1,
    memoryMebibytes: 512,
    rootDiskMebibytes: 64,
    dataDiskMebibytes: 32,
    ...sizes,
  });
  return {
    instance,
    run: async (script) => (await instance.exec({ command: ['bash', '-c', script] })).stdout.trim(),
    remove: async () => {
      await instance.stop();
      await rm(folder, { recursive: true });
    },
  };
}
