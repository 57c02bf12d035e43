import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ScaledClock } from '../clock.ts';
import { environmentVariables } from './environment-variables.ts';
import type { FunctionDefinition, InvocationOutcome } from './function-definition.ts';
import { LineSplitter } from './line-splitter.ts';
import type { InvokeMessage, ThreadMessage, ThreadSetup } from './thread-messages.ts';

const RESPONSE_LIMIT_BYTES = 6 * 1024 * 1024;

/** What an environment is asked to run. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  readonly invokedArn: string;
}

/** One thread with a function's bundle loaded; serves one invocation at a time and stays warm between them. */
export class ExecutionEnvironment {
  /** Also the session token of its AWS calls. */
  readonly id: string;
  readonly #definition: FunctionDefinition;
  readonly #version: string;
  readonly #thread: Worker;
  readonly #lines: LineSplitter;
  #running: { requestId: string; end: (outcome: InvocationOutcome) => void } | undefined;
  #alive = true;

  constructor(
    definition: FunctionDefinition,
    version: string,
    clock: ScaledClock,
    endpoint: string,
    onLog: (functionName: string, line: string) => void,
  ) {
    this.id = `${definition.name}/${randomUUID()}`;
    this.#definition = definition;
    this.#version = version;
    this.#lines = new LineSplitter((line) => onLog(definition.name, line));
    const [module = 'index', exportName = 'handler'] = definition.handler.split('.');
    const setup: ThreadSetup = {
      bundleUrl: pathToFileURL(join(definition.bundleFolder, `${module}.mjs`)).href,
      exportName,
      clock: { speed: clock.speed, startedAtMillis: clock.startedAtMillis, skippedMillis: clock.skippedMillis },
    };
    this.#thread = new Worker(join(import.meta.dirname, 'thread.ts'), {
      // The parent may run under jest; its options are not for this thread.
      execArgv: [],
      env: environmentVariables(definition, version, endpoint, this.id),
      workerData: setup,
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: Math.max(64, definition.memoryMebibytes) },
    });
    this.#thread.on('message', (message: ThreadMessage) => this.#hear(message));
    this.#thread.on('error', (error) => this.#die('Runtime.ExitError', String(error)));
    this.#thread.on('exit', (code) => this.#die('Runtime.ExitError', `runtime exited with code ${code}`));
  }

  get alive(): boolean {
    return this.#alive;
  }

  get busy(): boolean {
    return this.#running !== undefined;
  }

  /** Never rejects: whatever happens is an outcome. */
  run(invocation: Invocation): Promise<InvocationOutcome> {
    const { name, timeoutSeconds, memoryMebibytes } = this.#definition;
    const { requestId, payload, invokedArn } = invocation;
    return new Promise((resolve) => {
      const timer = setTimeout(
        () => void this.kill('Sandbox.Timedout', `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`),
        timeoutSeconds * 1000,
      );
      const end = (outcome: InvocationOutcome): void => {
        clearTimeout(timer);
        this.#running = undefined;
        this.#lines.flush();
        resolve(outcome);
      };
      this.#running = { requestId, end };
      if (!this.#alive) {
        end({ kind: 'crashed', error: { errorType: 'Runtime.ExitError', errorMessage: 'environment is gone' } });
        return;
      }
      const message: InvokeMessage = {
        requestId,
        payload,
        timeoutMillis: timeoutSeconds * 1000,
        context: {
          functionName: name,
          functionVersion: this.#version,
          invokedFunctionArn: invokedArn,
          memoryLimitInMB: String(memoryMebibytes),
          logGroupName: `/aws/lambda/${name}`,
          logStreamName: this.id,
        },
      };
      this.#thread.postMessage(message);
    });
  }

  /** Ends the thread at once; resolves when nothing of it runs any more. */
  async kill(errorType = 'Runtime.ExitError', errorMessage = 'environment was killed'): Promise<void> {
    this.#die(errorType, errorMessage);
    await this.#thread.terminate();
  }

  #hear(message: ThreadMessage): void {
    if (message.type === 'log') {
      this.#lines.write(message.text);
      return;
    }
    // What a killed thread still had to say came too late.
    if (!this.#alive || this.#running?.requestId !== message.requestId) return;
    if (message.type === 'threw') this.#running.end({ kind: 'threw', error: message.error });
    else if (Buffer.byteLength(message.payload) > RESPONSE_LIMIT_BYTES) {
      const errorMessage = `response payload size exceeded maximum allowed payload size (${RESPONSE_LIMIT_BYTES} bytes)`;
      this.#running.end({ kind: 'threw', error: { errorType: 'Function.ResponseSizeTooLarge', errorMessage } });
    } else this.#running.end({ kind: 'returned', payload: message.payload });
  }

  #die(errorType: string, errorMessage: string): void {
    if (!this.#alive) return;
    this.#alive = false;
    this.#running?.end({ kind: 'crashed', error: { errorType, errorMessage } });
  }
}
