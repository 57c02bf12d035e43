import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { AuditEntry, AuditRecord } from '../core/audit-record.ts';
import { ENVIRONMENT } from '../core/names.ts';
import { dynamo } from './clients.ts';
import { environmentVariable } from './environment.ts';
import { log } from './log.ts';
import { isConditionFailure, iso } from './state/table.ts';

/** Where in the flow a record stands. */
export interface Place {
  readonly stack: string;
  readonly subject: string;
  readonly order: string;
}

/** Writes one record, once: a repeated step finds it written and leaves it. */
export async function appendRecord(place: Place, entry: AuditEntry, nowMillis: number): Promise<void> {
  const record: AuditRecord = { ...entry, ...place, at: iso(nowMillis) };
  try {
    await dynamo().send(
      new PutCommand({
        TableName: environmentVariable(ENVIRONMENT.auditTable),
        Item: record,
        ConditionExpression: 'attribute_not_exists(subject)',
      }),
    );
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    return;
  }
  log('INFO', 'record', { record });
}
