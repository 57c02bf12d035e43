import { gunzipSync } from 'node:zlib';
import type { AwsCall } from './aws-call.ts';

/** An HTTP request as it came in, before anything is known about its meaning. */
export interface HttpRequest {
  readonly method: string;
  /** Path with query string. */
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Finds out which service and action a request means, who signed it, and with which input. */
export function parseCall(request: HttpRequest): AwsCall {
  const url = new URL(request.path, 'http://sandbox.invalid');
  const { accessKeyId, service } = signer(request.headers, url);
  const { headers, body } = withoutCompression(request, service);
  const fields = formFields(headers, url, body);
  return {
    service,
    action: actionOf(request.method, url, headers, fields),
    accessKeyId,
    method: request.method,
    path: request.path,
    headers,
    body,
    input: fields ?? jsonFields(body),
  };
}

const SIGNATURE = /Credential=([^/,\s]+)\/\d{8}\/([^/,\s]+)\/([^/,\s]+)\/aws4_request/;
const LAMBDA_PATHS = ['/2015-03-31/', '/2025-12-01/durable-'];

function signer(headers: Record<string, string>, url: URL): { accessKeyId: string; service: string } {
  const presigned = url.searchParams.get('X-Amz-Credential');
  const found = SIGNATURE.exec(presigned === null ? (headers['authorization'] ?? '') : `Credential=${presigned}`);
  const unsignedService = LAMBDA_PATHS.some((start) => url.pathname.startsWith(start)) ? 'lambda' : 'unknown';
  return { accessKeyId: found?.[1] ?? '', service: found?.[3] ?? unsignedService };
}

/** S3 keeps the encoding as a property of the object; everywhere else it is only a way to send. */
function withoutCompression(request: HttpRequest, service: string): Pick<HttpRequest, 'headers' | 'body'> {
  if (service === 's3' || request.headers['content-encoding'] !== 'gzip') return request;
  const { 'content-encoding': _removed, ...headers } = request.headers;
  return { headers, body: gunzipSync(request.body) };
}

function formFields(headers: Record<string, string>, url: URL, body: Buffer): Record<string, string> | undefined {
  if (headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    return Object.fromEntries(new URLSearchParams(body.toString('utf8')));
  }
  return url.searchParams.has('Action') ? Object.fromEntries(url.searchParams) : undefined;
}

function jsonFields(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    return isRecord(parsed) ? parsed : {};
  } catch {
    return {};
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function actionOf(
  method: string,
  url: URL,
  headers: Record<string, string>,
  fields: Record<string, string> | undefined,
): string {
  const target = headers['x-amz-target'];
  if (target !== undefined) return target.slice(target.lastIndexOf('.') + 1);
  return fields?.['Action'] ?? `${method} ${url.pathname}`;
}
