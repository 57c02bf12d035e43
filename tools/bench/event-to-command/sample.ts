import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CallRecord } from '../../../sandbox/gateway/call-record.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';

const BREAK = readFileSync(join(import.meta.dirname, '../../../remedies/disk-full/break.sh'), 'utf8');

/** Fills an instance's root disk, by the slice's own script. */
export async function breakDisk({ fleet }: Sandbox, instanceId: string): Promise<void> {
  const result = await fleet.members.get(instanceId)?.instance.exec({
    command: ['bash', '-s'],
    stdin: BREAK,
    environment: { SSM_MountPath: '/' },
  });
  if (result?.exitCode !== 0) throw new Error(`the disk of ${instanceId} could not be filled: ${result?.stderr ?? ''}`);
}

/** Invokes a function with an event; answers with the milliseconds until its `disk-full` repair command arrived at the endpoint. */
export async function millisToCommand(
  sandbox: Sandbox,
  functionName: string,
  event: unknown,
  instanceId: string,
): Promise<number> {
  const isRepair = ({ action, input }: CallRecord): boolean =>
    action === 'SendCommand' &&
    String(input['DocumentName']).includes('-disk-full-repair-') &&
    JSON.stringify(input['InstanceIds']).includes(instanceId);
  const before = sandbox.gateway.calls().filter(isRepair).length;
  const startedAt = sandbox.clock.nowMillis();
  await sandbox.lambda.invoke({ functionName, payload: JSON.stringify(event), invocationType: 'Event' });
  const sent = await until(
    `${functionName} has ${instanceId} repaired`,
    () => sandbox.gateway.calls().filter(isRepair)[before],
  );
  return sent.at - startedAt;
}

/** Looks every 20 ms until there is something; fails after real seconds and says what did not happen. */
export async function until<T>(what: string, look: () => T | undefined, seconds = 30): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const found = look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`within ${seconds} s it did not happen that ${what}`);
    await sleep(20);
  }
}
