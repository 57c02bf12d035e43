import { type AwsAnswer, type AwsCall, errorAnswer } from '../gateway/aws-call.ts';
import { LambdaError } from './lambda-error.ts';

/** A REST call taken apart: path segments decoded, query parsed. */
export interface RestCall {
  readonly method: string;
  readonly segments: readonly string[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Takes a Lambda API call apart; a trailing slash is ignored. */
export function toRestCall(call: AwsCall): RestCall {
  const [path = '', query = ''] = call.path.split('?', 2);
  const headers = Object.fromEntries(Object.entries(call.headers).map(([name, value]) => [name.toLowerCase(), value]));
  return {
    method: call.method,
    segments: path.split('/').filter(Boolean).map(decodeURIComponent),
    query: new URLSearchParams(query),
    headers,
    body: call.body,
  };
}

/** A REST JSON answer; absent members are left out. */
export function restAnswer(body: unknown, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

/** One page of a list by the call's `MaxItems` and `Marker`, and the marker of the next page where there is one. */
export function paged<T>(
  query: URLSearchParams,
  all: readonly T[],
  presetItems: number,
): { readonly page: T[]; readonly NextMarker: string | undefined } {
  const start = Number(query.get('Marker') ?? 0);
  const end = start + Number(query.get('MaxItems') ?? presetItems);
  if (!Number.isInteger(start) || start < 0 || !Number.isInteger(end) || end <= start) {
    throw new LambdaError('InvalidParameterValueException', 'Marker or MaxItems is not valid');
  }
  return { page: all.slice(start, end), NextMarker: end < all.length ? String(end) : undefined };
}

/** Parses a request's body; empty means `{}`. @throws InvalidRequestContentException */
export function jsonBody(body: Buffer): unknown {
  const text = body.toString('utf8').trim();
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new LambdaError('InvalidRequestContentException', `Could not parse request body into json: ${String(error)}`);
  }
}

/** Turns a thrown error into the answer that AWS would give. */
export function toErrorAnswer(error: unknown): AwsAnswer {
  if (error instanceof LambdaError) return errorAnswer(error.type, error.message, error.status);
  return errorAnswer('ServiceException', error instanceof Error ? (error.stack ?? error.message) : String(error), 500);
}
