// Boots an instance, prints the pid of its pid 1 and waits: to be killed by the test that starts it.
import { readFileSync } from 'node:fs';
import { bootInstance } from '../../../sandbox/instance/boot-instance.ts';

const folder = process.argv[2] ?? '';
const instance = await bootInstance({
  instanceId: 'i-0bbbbbbbbbbbbbbbb',
  hostname: 'doomed-1',
  folder,
  vcpus: 1,
  memoryMebibytes: 64,
  rootDiskMebibytes: 16,
  dataDiskMebibytes: 8,
});
void instance.exec({ command: ['sleep', '4325'] });
const self = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ')[0] ?? '';
console.log(readFileSync(`/proc/${self}/task/${self}/children`, 'utf8').trim());
