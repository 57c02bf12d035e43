import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { known, type LastAct, type Read, unreadable } from '../../core/facts.ts';
import { type Fingerprint, fingerprintKey } from '../../core/incident.ts';
import { dynamo } from '../clients.ts';
import { epochSeconds, stateTable } from './table.ts';

const key = (fingerprint: Fingerprint) => ({ pk: `last-act#${fingerprintKey(fingerprint)}` });

const item = z.object({ attemptId: z.string(), startedAtEpochSeconds: z.number() });

/** The newest remediation of this target, part and symptom. */
export async function readLastAct(fingerprint: Fingerprint): Promise<Read<LastAct | undefined>> {
  try {
    const { Item } = await dynamo().send(
      new GetCommand({ TableName: stateTable(), Key: key(fingerprint), ConsistentRead: true }),
    );
    if (Item === undefined) return known(undefined);
    const parsed = item.safeParse(Item);
    return parsed.success ? known(parsed.data) : unreadable('the item has an unknown shape');
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
