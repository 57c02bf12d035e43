// Drops root where it has it, boots an instance, runs scripts in it and prints what came of them as JSON.
// Usage: boot-as-user.ts <folder of the user's, with a copy of sandbox/instance> <scripts as a JSON list>
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type * as BootInstance from '../../../sandbox/instance/boot-instance.ts';

const NOBODY = 65_534;
const folder = process.argv[2] ?? '';
const scripts: readonly string[] = JSON.parse(await text(process.stdin));

if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(NOBODY);
  process.setuid?.(NOBODY);
}
// Only now, and from there: an ordinary user may not be able to read where the project lies.
const { bootInstance }: typeof BootInstance = await import(join(folder, 'instance/boot-instance.ts'));
const instance = await bootInstance({
  instanceId: 'i-0cccccccccccccccc',
  hostname: 'ordinary-1',
  folder,
  vcpus: 1,
  memoryMebibytes: 512,
  rootDiskMebibytes: 64,
  dataDiskMebibytes: 32,
});
const results: string[] = [];
for (const stdin of scripts) {
  const environment = { SSM_MountPath: '/' };
  const { exitCode, stdout, stderr } = await instance.exec({ command: ['bash', '-s'], stdin, environment });
  results.push(exitCode === 0 ? stdout.trim() : `exit code ${exitCode}: ${stderr.trim()}`);
}
const metrics = await instance.metrics();
await instance.stop();
console.log(JSON.stringify({ userId: process.getuid?.(), results, metrics }));
