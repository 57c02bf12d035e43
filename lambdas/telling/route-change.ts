import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { DynamoDBRecord } from 'aws-lambda';
import { sqs } from '../aws/clients.ts';
import { environmentVariable } from '../aws/environment.ts';
import type { AuditRecord } from '../core/audit-record.ts';
import { tablePlaceOf } from '../core/evidence-link.ts';
import { type Message, messageOf, tamperMessage } from '../core/message.ts';
import { ENVIRONMENT } from '../core/names.ts';

/** What a channel's sender gets: the message, and the key under which it is sent once. */
export interface Telling {
  readonly key: string;
  readonly message: Message;
}

/** Puts the message of one change of the audit table into the queue of each channel. */
export async function routeChange(change: DynamoDBRecord, stack: string): Promise<void> {
  const telling = tellingOf(change, stack);
  if (telling === undefined) return;
  await sqs().send(
    new SendMessageCommand({
      QueueUrl: environmentVariable(ENVIRONMENT.snsQueue),
      MessageBody: JSON.stringify(telling),
    }),
  );
}

/** The message of a change; anything but a new record means that somebody tampered with the trail. */
export function tellingOf(
  { eventName, eventID, eventSourceARN, dynamodb }: DynamoDBRecord,
  stack: string,
): Telling | undefined {
  const subject = dynamodb?.Keys?.['subject']?.S ?? 'unknown';
  const order = dynamodb?.Keys?.['order']?.S ?? 'unknown';
  const key = `${subject}#${order}`;
  if (eventName !== 'INSERT') {
    const change = eventName === 'REMOVE' ? 'removed' : 'changed';
    return { key: `${key}#${change}#${eventID ?? ''}`, message: tamperMessage(stack, change, key) };
  }
  const message = messageOf(recordOf(dynamodb?.NewImage ?? {}), tablePlaceOf(eventSourceARN));
  return message === undefined ? undefined : { key, message };
}

/** Only this stack's own writer puts items into the table, so the image is one of its records. */
function recordOf(image: object): AuditRecord {
  const item: Record<string, AttributeValue> = { ...image };
  return JSON.parse(JSON.stringify(unmarshall(item)));
}
