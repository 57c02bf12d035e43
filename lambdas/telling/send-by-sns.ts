import { PublishCommand } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import { sns } from '../aws/clients.ts';
import { environmentVariable } from '../aws/environment.ts';
import { isMarked, markOnce } from '../aws/state/once.ts';
import { ENVIRONMENT } from '../core/names.ts';

/** How long a sent message is remembered: longer than a queue keeps one. */
const REMEMBER_SECONDS = 30 * 86_400;

const telling = z.object({
  key: z.string(),
  message: z.object({ severity: z.enum(['critical', 'warning']), subject: z.string(), text: z.string() }),
});

/** Publishes one message and marks it; a crash in between may repeat it, none is lost. */
export async function sendBySns(body: string, nowMillis: number): Promise<void> {
  const { key, message } = telling.parse(JSON.parse(body));
  const marker = `told#sns#${key}`;
  if (await isMarked(marker)) return;
  const { severity, subject, text } = message;
  const topic = severity === 'critical' ? ENVIRONMENT.criticalTopic : ENVIRONMENT.warningTopic;
  await sns().send(
    new PublishCommand({
      TopicArn: environmentVariable(topic),
      Subject: asciiSubject(subject),
      Message: text,
      MessageAttributes: { severity: { DataType: 'String', StringValue: severity } },
    }),
  );
  await markOnce(marker, REMEMBER_SECONDS, nowMillis);
}

/** SNS takes ASCII subjects only. */
function asciiSubject(subject: string): string {
  return subject.replaceAll('…', '~').replace(/[^\x20-\x7e]/g, '?');
}
