import { randomUUID } from 'node:crypto';
import type { AwsAnswer, AwsCall } from '../gateway/aws-call.ts';
import { escapeXml, speaksXml } from '../gateway/protocol-errors.ts';

/** A value of an answer, before it is written as JSON (times as epoch seconds) or XML (times as ISO 8601). */
export type ResultValue = string | number | Date | readonly ResultValue[] | ReadonlyMap<string, string> | Result;

/** An answer's members by name; members that are undefined are left out. */
export interface Result {
  readonly [member: string]: ResultValue | undefined;
}

/** An answer in the protocol of the call: AWS JSON 1.0 or the older Query. */
export function resultAnswer(call: AwsCall, result: Result): AwsAnswer {
  if (!speaksXml(call)) {
    const headers = { 'content-type': 'application/x-amz-json-1.0' };
    return { status: 200, headers, body: JSON.stringify(toJson(result)) };
  }
  const { action } = call;
  const body =
    `<${action}Response xmlns="http://monitoring.amazonaws.com/doc/2010-08-01/">` +
    `<${action}Result>${toXml(result)}</${action}Result>` +
    `<ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`;
  return { status: 200, headers: { 'content-type': 'text/xml' }, body };
}

/** The call's input as nested members, whichever the protocol: `A.member.1.B` becomes `{ A: [{ B }] }`. */
export function nestedInput(call: AwsCall): Record<string, unknown> {
  if (!speaksXml(call)) return call.input;
  const root: Branch = new Map();
  for (const [path, value] of Object.entries(call.input)) plant(root, path.split('.'), String(value));
  return Object.fromEntries([...root].map(([name, branch]) => [name, grown(branch)]));
}

type Branch = Map<string, Branch | string>;

function plant(branch: Branch, [name = '', ...rest]: readonly string[], value: string): void {
  if (rest.length === 0) {
    branch.set(name, value);
    return;
  }
  const known = branch.get(name);
  const next: Branch = known instanceof Map ? known : new Map();
  branch.set(name, next);
  plant(next, rest, value);
}

function grown(branch: Branch | string): unknown {
  if (typeof branch === 'string') return branch;
  const list = branch.get('member');
  if (list instanceof Map) {
    const members = [...list].sort(([left], [right]) => Number(left) - Number(right));
    return members.map(([, member]) => grown(member));
  }
  return Object.fromEntries([...branch].map(([name, next]) => [name, grown(next)]));
}

function toJson(value: ResultValue): unknown {
  if (typeof value === 'string' || typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime() / 1000;
  if (value instanceof Map) return Object.fromEntries(value);
  if (isList(value)) return value.map(toJson);
  return Object.fromEntries(membersOf(value).map(([name, member]) => [name, toJson(member)]));
}

function toXml(value: ResultValue): string {
  if (typeof value === 'string' || typeof value === 'number') return escapeXml(String(value));
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Map) {
    const entries = [...value].map(([key, text]) => [escapeXml(String(key)), escapeXml(String(text))]);
    return entries.map(([key, text]) => `<entry><key>${key}</key><value>${text}</value></entry>`).join('');
  }
  if (isList(value)) return value.map((member) => `<member>${toXml(member)}</member>`).join('');
  return membersOf(value)
    .map(([name, member]) => `<${name}>${toXml(member)}</${name}>`)
    .join('');
}

function isList(value: ResultValue): value is readonly ResultValue[] {
  return Array.isArray(value);
}

function membersOf(value: ResultValue): [string, ResultValue][] {
  return Object.entries(value).filter(([, member]) => member !== undefined);
}
