import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo } from '../clients.ts';
import { epochSeconds, isConditionFailure, stateTable } from './table.ts';

/** Marks something as done, for so long; answers whether this call was the first. */
export async function markOnce(what: string, keepSeconds: number, nowMillis: number): Promise<boolean> {
  try {
    await dynamo().send(
      new PutCommand({
        TableName: stateTable(),
        Item: { pk: `once#${what}`, forgetAtEpochSeconds: epochSeconds(nowMillis) + keepSeconds },
        ConditionExpression: 'attribute_not_exists(pk)',
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Whether something was marked as done. */
export async function isMarked(what: string): Promise<boolean> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: stateTable(), Key: { pk: `once#${what}` }, ConsistentRead: true }),
  );
  return Item !== undefined;
}
