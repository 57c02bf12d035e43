import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { known, type Read, unreadable } from '../../core/facts.ts';
import type { KillSwitch } from '../../core/kill-switch.ts';
import { dynamo } from '../clients.ts';
import { stateTable } from './table.ts';

const KEY = { pk: 'kill-switch' };

const item = z.object({
  state: z.enum(['thrown', 'released']),
  changedBy: z.string(),
  changedAt: z.string(),
  reason: z.string(),
});

/** Reads the kill switch; absent and unreadable are told apart, and both mean: do not act (S5). */
export async function readKillSwitch(): Promise<Read<KillSwitch>> {
  try {
    const { Item } = await dynamo().send(new GetCommand({ TableName: stateTable(), Key: KEY, ConsistentRead: true }));
    if (Item === undefined) return known({ state: 'absent' });
    const parsed = item.safeParse(Item);
    return parsed.success ? known(parsed.data) : unreadable('the item has an unknown shape');
  } catch (error) {
    return unreadable(String(error));
  }
}

/** Throws or releases the kill switch; only `answer-request` may. */
export async function writeKillSwitch(value: z.infer<typeof item>): Promise<void> {
  await dynamo().send(new PutCommand({ TableName: stateTable(), Item: { ...KEY, ...value } }));
}
