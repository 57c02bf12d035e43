/** Runs one function's bundle in a thread of its own; started by ExecutionEnvironment only. */
import { parentPort, workerData } from 'node:worker_threads';
import { followClock } from './clocked-date.ts';
import type { FunctionError } from './function-definition.ts';
import type { InvokeMessage, ThreadMessage, ThreadSetup } from './thread-messages.ts';

const setup: ThreadSetup = workerData;

function tell(message: ThreadMessage): void {
  parentPort?.postMessage(message);
}

// Text travels on the same port as results, so that it arrives in order and none is lost with the thread.
for (const stream of [process.stdout, process.stderr]) {
  stream.write = (text: string | Uint8Array, ...rest: unknown[]): boolean => {
    tell({ type: 'log', text: typeof text === 'string' ? text : Buffer.from(text).toString('utf8') });
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

function functionError(thrown: unknown, otherwise = 'Error'): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: otherwise, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}

type Handler = (event: unknown, context: unknown) => unknown;

async function loadHandler(): Promise<Handler> {
  const bundle: Record<string, unknown> = await import(setup.bundleUrl);
  const handler = bundle[setup.exportName];
  if (typeof handler !== 'function') {
    throw new Error(`${setup.bundleUrl} exports ${Object.keys(bundle).join(', ')}, not '${setup.exportName}'`);
  }
  return (event, context) => handler(event, context);
}

followClock(setup.clock);
const loading = loadHandler();
loading.catch(() => undefined);

async function invoke({ requestId, payload, timeoutMillis, context }: InvokeMessage): Promise<void> {
  const deadline = performance.now() + timeoutMillis;
  try {
    const handler = await loading;
    const result = await handler(JSON.parse(payload), {
      ...context,
      awsRequestId: requestId,
      callbackWaitsForEmptyEventLoop: true,
      getRemainingTimeInMillis: () => Math.max(0, Math.floor(deadline - performance.now())),
    });
    tell({ type: 'returned', requestId, payload: JSON.stringify(result) ?? 'null' });
  } catch (thrown) {
    tell({ type: 'threw', requestId, error: functionError(thrown) });
  }
}

parentPort?.on('message', (message: InvokeMessage) => void invoke(message));
