import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { known, type Read, unreadable } from '../../core/facts.ts';
import { type Fingerprint, fingerprintKey } from '../../core/incident.ts';
import { dynamo } from '../clients.ts';
import { epochSeconds, stateTable } from './table.ts';

const key = (fingerprint: Fingerprint) => ({ pk: `last-act#${fingerprintKey(fingerprint)}` });

/** When the newest remediation of this target, part and symptom started. */
export async function readLastAct(fingerprint: Fingerprint): Promise<Read<number | undefined>> {
  try {
    const { Item } = await dynamo().send(
      new GetCommand({ TableName: stateTable(), Key: key(fingerprint), ConsistentRead: true }),
    );
    const at: unknown = Item?.['startedAtEpochSeconds'];
    if (Item === undefined) return known(undefined);
    return typeof at === 'number' ? known(at) : unreadable('the item has an unknown shape');
  } catch (error) {
    return unreadable(String(error));
  }
}

/** Notes that a remediation starts now. */
export async function writeLastAct(fingerprint: Fingerprint, attemptId: string, nowMillis: number): Promise<void> {
  await dynamo().send(
    new PutCommand({
      TableName: stateTable(),
      Item: { ...key(fingerprint), attemptId, startedAtEpochSeconds: epochSeconds(nowMillis) },
    }),
  );
}
