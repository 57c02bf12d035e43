import http from 'node:http';
import type { ScaledClock } from '../clock.ts';
import type { AwsAnswer, AwsCall, Route } from './aws-call.ts';
import { CallLog, type CallRecord, type Interception } from './call-record.ts';
import { createForwarder, type Forwarder, headersOf, readAll } from './forward.ts';
import { withLaunchTimes } from './launch-times.ts';
import { parseCall } from './parse-call.ts';
import { errorAnswerFor, errorTypeOf } from './protocol-errors.ts';

/** The sandbox's one AWS endpoint: own routes first, the emulator for the rest, every call recorded. */
export interface Gateway {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly endpoint: string;
  /** Launch times to tell instead of the emulator's, by instance id. */
  readonly launchTimes: Map<string, Date>;
  /** Adds a route for a service; a service's routes are asked in the order in which they were added. */
  use(service: string, route: Route): void;
  onAnswered(listener: (record: CallRecord) => void): void;
  /** Disturbs calls on their way, for tests; the returned function ends it. */
  intercept(interception: Interception): () => void;
  /** The newest 50,000 calls, oldest first. */
  calls(): CallRecord[];
  stop(): Promise<void>;
}

export interface GatewayOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly motoEndpoint: string;
  readonly clock: Pick<ScaledClock, 'nowMillis'>;
}

interface Wiring {
  readonly clock: GatewayOptions['clock'];
  readonly forwarder: Forwarder;
  readonly routes: Map<string, Route[]>;
  readonly launchTimes: Map<string, Date>;
  readonly interceptions: Set<Interception>;
  readonly record: (record: CallRecord) => void;
}

/** Listens on the loopback interface only; rejects where the port is taken. */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  const log = new CallLog();
  const listeners: ((record: CallRecord) => void)[] = [];
  const wiring: Wiring = {
    clock: options.clock,
    forwarder: createForwarder(options.motoEndpoint),
    routes: new Map(),
    launchTimes: new Map(),
    interceptions: new Set(),
    record: (record) => {
      log.add(record);
      for (const listener of listeners) listener(record);
    },
  };
  const server = http.createServer((request, response) => {
    answerRequest(wiring, request, response).catch(() => response.destroy());
  });
  // Clients keep connections; one closed under a client that is about to send would make it send twice.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  const port = await listen(server, options.port);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    launchTimes: wiring.launchTimes,
    use: (service, route) => {
      wiring.routes.set(service, [...(wiring.routes.get(service) ?? []), route]);
    },
    onAnswered: (listener) => {
      listeners.push(listener);
    },
    intercept: (interception) => {
      wiring.interceptions.add(interception);
      return () => {
        wiring.interceptions.delete(interception);
      };
    },
    calls: () => log.all(),
    stop: () => stop(server, wiring.forwarder),
  };
}

async function answerRequest(
  wiring: Wiring,
  request: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const at = wiring.clock.nowMillis();
  const call = parseCall({
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: headersOf(request),
    body: await readAll(request),
  });
  const answer = (await throttled(wiring, call)) ?? (await carriedOut(wiring, call));
  const errorType = errorTypeOf(answer);
  const { service, action, accessKeyId, input } = call;
  const record: CallRecord = {
    at,
    service,
    action,
    accessKeyId,
    input,
    status: answer.status,
    ...(errorType === undefined ? {} : { errorType }),
  };
  const dropped = await isDropped(wiring, record);
  wiring.record(record);
  if (dropped) {
    request.socket.destroy();
    return;
  }
  const length = { 'content-length': String(Buffer.byteLength(answer.body)) };
  response.writeHead(answer.status, { ...length, ...answer.headers });
  response.end(answer.body);
}

async function throttled(wiring: Wiring, call: AwsCall): Promise<AwsAnswer | undefined> {
  for (const interception of wiring.interceptions) {
    if ((await interception.beforeForward?.(call)) === 'throttle') {
      return errorAnswerFor(call, 'ThrottlingException', 'Rate exceeded');
    }
  }
  return undefined;
}

async function carriedOut(wiring: Wiring, call: AwsCall): Promise<AwsAnswer> {
  try {
    for (const route of wiring.routes.get(call.service) ?? []) {
      const answer = await route(call);
      if (answer !== 'forward') return answer;
    }
    return withLaunchTimes(call, await wiring.forwarder.forward(call), wiring.launchTimes);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return errorAnswerFor(call, 'InternalFailure', `the sandbox failed at ${call.service} ${call.action}: ${why}`, 500);
  }
}

async function isDropped(wiring: Wiring, record: CallRecord): Promise<boolean> {
  for (const interception of wiring.interceptions) {
    if ((await interception.beforeAnswer?.(record)) === 'drop') return true;
  }
  return false;
}

function listen(server: http.Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function stop(server: http.Server, forwarder: Forwarder): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
  forwarder.close();
}
