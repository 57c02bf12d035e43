import type { Route } from '../../../sandbox/gateway/aws-call.ts';

/** Calls an SSM action as a client would: the answer's body, or an error that starts with AWS's name for it. */
export async function callSsm(
  route: Route,
  action: string,
  input: Record<string, unknown>,
): Promise<Record<string, unknown>> {
  const body = Buffer.from(JSON.stringify(input));
  const answer = await route({
    service: 'ssm',
    action,
    accessKeyId: 'AKIATEST',
    method: 'POST',
    path: '/',
    headers: {},
    body,
    input,
  });
  if (answer === 'forward') throw new Error('forwarded');
  const parsed: unknown = JSON.parse(answer.body.toString());
  if (typeof parsed !== 'object' || parsed === null) throw new Error(`the answer is ${String(parsed)}`);
  const fields: Record<string, unknown> = { ...parsed };
  if (answer.status !== 200) throw new Error(`${String(fields['__type'])}: ${String(fields['message'])}`);
  return fields;
}
