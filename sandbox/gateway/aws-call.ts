/** One AWS API request as it reached the sandbox's endpoint. */
export interface AwsCall {
  /** Signing name of the service (`ssm`, `monitoring`, `dynamodb`, `lambda`); `lambda` also for unsigned Lambda paths. */
  readonly service: string;
  /** API action, for example `SendCommand`; for REST services `<METHOD> <path>`. */
  readonly action: string;
  /** Tells who called: each sandbox function and agent has its own. */
  readonly accessKeyId: string;
  readonly method: string;
  /** Path with query string. */
  readonly path: string;
  readonly headers: Record<string, string>;
  /** Body as sent, after removing a gzip content encoding. */
  readonly body: Buffer;
  /** Input of the action: the JSON body, or the fields of a form-encoded one. */
  readonly input: Record<string, unknown>;
}

export interface AwsAnswer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body: string | Buffer;
}

/** Answers a call, or says `forward`: the emulator behind the endpoint shall answer it. */
export type Route = (call: AwsCall) => Promise<AwsAnswer | 'forward'>;

/** An AWS JSON 1.0/1.1 answer. */
export function jsonAnswer(body: unknown, status = 200): AwsAnswer {
  return { status, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(body) };
}

/** An AWS JSON error answer, as SDKs expect it. */
export function errorAnswer(type: string, message: string, status = 400): AwsAnswer {
  return {
    status,
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message, Message: message }),
  };
}
