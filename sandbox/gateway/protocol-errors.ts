import { randomUUID } from 'node:crypto';
import { type AwsAnswer, type AwsCall, errorAnswer } from './aws-call.ts';

/** An error answer in the protocol in which the call came: JSON, Query, EC2 or REST-XML. */
export function errorAnswerFor(call: AwsCall, type: string, message: string, status = 400): AwsAnswer {
  if (speaksXml(call)) {
    return { status, headers: { 'content-type': 'text/xml' }, body: xmlError(call.service, type, message) };
  }
  return errorAnswer(type, message, status);
}

/** Type of the error that an answer carries, undefined where it carries none. */
export function errorTypeOf(answer: AwsAnswer): string | undefined {
  if (answer.status < 400) return undefined;
  const named = answer.headers?.['x-amzn-errortype']?.split(':')[0];
  const body = answer.body.toString();
  const inBody = /"__type"\s*:\s*"(?:[^"#]*#)?([^"]+)"/.exec(body) ?? /<Code>([^<]+)<\/Code>/.exec(body);
  return named ?? inBody?.[1] ?? `Http${answer.status}`;
}

/** `true` for a call whose client expects XML: Query, EC2 and REST-XML. */
export function speaksXml(call: AwsCall): boolean {
  if (call.headers['x-amz-target'] !== undefined) return false;
  return call.input['Action'] === call.action || call.service === 'route53' || call.service === 's3';
}

function xmlError(service: string, type: string, message: string): string {
  const error = `<Code>${escapeXml(type)}</Code><Message>${escapeXml(message)}</Message>`;
  const requestId = randomUUID();
  if (service === 'ec2') {
    return `<Response><Errors><Error>${error}</Error></Errors><RequestID>${requestId}</RequestID></Response>`;
  }
  return `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

/** Text made safe inside an XML element. */
export function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
