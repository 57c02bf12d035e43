import { randomUUID } from 'node:crypto';
import type { ExecutionEnvironment } from '../execution-environment.ts';

/** Answer of CheckpointDurableExecution. */
export interface CheckpointAnswer {
  readonly CheckpointToken: string;
  readonly NewExecutionState: { readonly Operations: readonly Record<string, unknown>[] };
}

/** One invocation's right to read and checkpoint its execution; ends with the invocation. */
export class InvocationSession {
  readonly requestId: string;
  readonly environment: ExecutionEnvironment;
  readonly firstToken = randomUUID();
  readonly startedAtMillis: number;
  /** Last change of the execution that the invocation was told of. */
  seenRevision: number;
  /** A checkpoint of this invocation changed something. */
  progressed = false;
  #token = this.firstToken;
  #last: { readonly clientToken: string | undefined; readonly answer: CheckpointAnswer } | undefined;

  constructor(requestId: string, environment: ExecutionEnvironment, seenRevision: number, startedAtMillis: number) {
    this.requestId = requestId;
    this.environment = environment;
    this.seenRevision = seenRevision;
    this.startedAtMillis = startedAtMillis;
  }

  /** Whether the token is the one that the next checkpoint must carry. */
  accepts(token: string): boolean {
    return token === this.#token;
  }

  /** Whether the token may read the state. */
  mayRead(token: string): boolean {
    return token === this.#token || token === this.firstToken;
  }

  /** The answer of a checkpoint that the client sent before, if it is that one again. */
  repeated(clientToken: string | undefined): CheckpointAnswer | undefined {
    return clientToken !== undefined && this.#last?.clientToken === clientToken ? this.#last.answer : undefined;
  }

  /** Makes the answer to a checkpoint, with a new token. */
  answer(clientToken: string | undefined, operations: readonly Record<string, unknown>[]): CheckpointAnswer {
    this.#token = randomUUID();
    const answer = { CheckpointToken: this.#token, NewExecutionState: { Operations: operations } };
    this.#last = { clientToken, answer };
    return answer;
  }
}
