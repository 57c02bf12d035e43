import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { build } from 'esbuild';
import { ScaledClock } from '../../../../sandbox/clock.ts';
import type { FunctionDefinition, InvocationEnd } from '../../../../sandbox/lambda/function-definition.ts';
import { createLambdaService, type LambdaService } from '../../../../sandbox/lambda/lambda-service.ts';

/** An emulated Lambda behind a small HTTP endpoint, with the handlers of `handlers.ts` and a place that counts their acts. */
export interface Bench {
  readonly service: LambdaService;
  readonly client: LambdaClient;
  readonly clock: ScaledClock;
  readonly logs: string[];
  /** Invocations that are over. */
  readonly ends: InvocationEnd[];
  /** Bodies of the acts done so far, by name. */
  acts(name: string): readonly string[];
  /** Called for every act, before it is answered. */
  onAct: (name: string) => void | Promise<void>;
  /** Resolves with the body of the act of this name and number, done already or not yet. */
  act(name: string, number?: number): Promise<string>;
  register(name: string, more?: Partial<FunctionDefinition>): void;
  close(): Promise<void>;
}

const DURABLE = { executionTimeoutSeconds: 900, retentionDays: 1 };

/** The `durable` member of a definition, for executions that may take this long. */
export const durable = (executionTimeoutSeconds = DURABLE.executionTimeoutSeconds): Partial<FunctionDefinition> => ({
  durable: { ...DURABLE, executionTimeoutSeconds },
});

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** Starts a bench whose clock runs `speed` times as fast. */
export async function openBench(speed: number): Promise<Bench> {
  const folder = mkdtempSync(join(tmpdir(), 'lambda-bench-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'handlers.ts')],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    mainFields: ['module', 'main'],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
  const acts = new Map<string, string[]>();
  const waiting = new Set<() => void>();
  const clock = new ScaledClock(speed);
  const logs: string[] = [];
  const ends: InvocationEnd[] = [];
  let url = '';
  const service = createLambdaService({
    clock,
    endpoint: () => url,
    onLog: (functionName, line) => logs.push(`${functionName} ${line}`),
    onInvocation: (end) => ends.push(end),
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    const path = request.url ?? '/';
    if (path.startsWith('/effects/')) {
      const name = path.slice('/effects/'.length);
      acts.set(name, [...(acts.get(name) ?? []), body.toString()]);
      await bench.onAct(name);
      for (const check of waiting) check();
      response.end();
      return;
    }
    const headers = Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)]));
    const accessKeyId = /Credential=([^/]+)/.exec(headers['authorization'] ?? '')?.[1] ?? '';
    const method = request.method ?? 'GET';
    const call = {
      service: 'lambda',
      action: `${method} ${path}`,
      accessKeyId,
      method,
      path,
      headers,
      body,
      input: {},
    };
    const result = await service.route(call);
    if (result === 'forward') throw new Error(`nothing answers ${method} ${path}`);
    response.writeHead(result.status, result.headers).end(result.body);
  };
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
  const client = new LambdaClient({ endpoint: url, region: 'us-east-1', credentials, maxAttempts: 1 });

  const bench: Bench = {
    service,
    client,
    clock,
    logs,
    ends,
    onAct: () => undefined,
    acts: (name) => acts.get(name) ?? [],
    act: (name, number = 1) =>
      new Promise((resolve) => {
        const check = (): void => {
          const body = acts.get(name)?.[number - 1];
          if (body === undefined) return;
          waiting.delete(check);
          resolve(body);
        };
        waiting.add(check);
        check();
      }),
    register: (name, more = {}) => {
      service.functions.create({
        name,
        bundleFolder: folder,
        codeSha256: 'handlers',
        handler: `index.${name}`,
        environment: { EFFECTS_URL: `${url}/effects` },
        timeoutSeconds: 20,
        memoryMebibytes: 128,
        accessKeyId: `AKIA${name.toUpperCase()}`,
        ...more,
      });
      service.functions.pointAlias(name, 'live', service.functions.publish(name).version);
    },
    async close() {
      client.destroy();
      await service.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true });
    },
  };
  return bench;
}
