import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo } from '../clients.ts';
import { iso, stateTable } from './table.ts';

const KEY = { pk: 'last-sweep' };

/** Notes that a pass came to its end. */
export async function writeLastSweep(nowMillis: number): Promise<void> {
  await dynamo().send(new PutCommand({ TableName: stateTable(), Item: { ...KEY, at: iso(nowMillis) } }));
}

/** When the newest pass ended, ISO 8601; `undefined`: none ever did. */
export async function readLastSweep(): Promise<string | undefined> {
  const { Item } = await dynamo().send(new GetCommand({ TableName: stateTable(), Key: KEY, ConsistentRead: true }));
  return typeof Item?.['at'] === 'string' ? Item['at'] : undefined;
}
