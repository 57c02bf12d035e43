import http from 'node:http';
import type { AwsAnswer, AwsCall } from './aws-call.ts';

/** Hands calls to the emulator behind the endpoint. */
export interface Forwarder {
  /** The emulator's answer as it came; rejects where the emulator cannot be reached. */
  forward(call: AwsCall): Promise<AwsAnswer>;
  close(): void;
}

/** Meant for one connection, not for the message; or set anew from the body. */
const HOP_HEADERS = ['connection', 'keep-alive', 'transfer-encoding', 'expect', 'upgrade', 'content-length'];

/** Forwards to the emulator at `endpoint`, reusing connections where the emulator lets it. */
export function createForwarder(endpoint: string): Forwarder {
  const agent = new http.Agent({ keepAlive: true });
  return {
    forward: (call) => send(endpoint, agent, call, true),
    close: () => agent.destroy(),
  };
}

function send(endpoint: string, agent: http.Agent, call: AwsCall, mayRepeat: boolean): Promise<AwsAnswer> {
  return new Promise((resolve, reject) => {
    const request = http.request(new URL(endpoint), {
      agent,
      method: call.method,
      path: call.path,
      headers: { ...withoutHopHeaders(call.headers), 'content-length': String(call.body.length) },
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // A kept connection that the emulator closed meanwhile: the call did not reach it.
      if (mayRepeat && request.reusedSocket && error.code === 'ECONNRESET') {
        resolve(send(endpoint, agent, call, false));
      } else {
        reject(error);
      }
    });
    request.on('response', (response) => {
      readAnswer(call.method, response).then(resolve, reject);
    });
    request.end(call.body);
  });
}

async function readAnswer(method: string, response: http.IncomingMessage): Promise<AwsAnswer> {
  const body = await readAll(response);
  const headers = withoutHopHeaders(headersOf(response));
  const length = response.headers['content-length'];
  // An answer to HEAD tells a length and has no body.
  if (method === 'HEAD' && length !== undefined) headers['content-length'] = length;
  return { status: response.statusCode ?? 502, headers, body };
}

/** The whole body of a message. */
export async function readAll(message: http.IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** A message's headers, each as one string. */
export function headersOf(message: http.IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

function withoutHopHeaders(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP_HEADERS.includes(name)));
}
