/** Code and configuration of a function, as the template declares them or as a version keeps them. */
export interface FunctionDefinition {
  readonly name: string;
  /** Folder that holds `index.mjs`. */
  readonly bundleFolder: string;
  /** Digest of what lies in that folder: the same code in another folder is the same. */
  readonly codeSha256: string;
  /** `<module>.<export>`, for example `index.handler`. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Longest invocation, in real seconds. */
  readonly timeoutSeconds: number;
  readonly memoryMebibytes: number;
  /** The access key that this function's AWS calls carry. */
  readonly accessKeyId: string;
  /** Present: the function is durable. Seconds of the sandbox's clock. */
  readonly durable?: { readonly executionTimeoutSeconds: number; readonly retentionDays: number };
  /** Most environments at once. Default: 10. */
  readonly reservedConcurrency?: number;
  /** Takes asynchronous events that failed for good. */
  readonly deadLetter?: (payload: string, error: string) => Promise<void>;
}

/** How a caller wants the answer: now, later, or not at all. */
export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** One call of Invoke. */
export interface InvokeRequest {
  /** Name, `name:qualifier` or ARN. */
  readonly functionName: string;
  readonly qualifier?: string;
  /** JSON text; empty means `{}`. */
  readonly payload: string;
  readonly invocationType: InvocationType;
  /** Makes the start of a durable execution idempotent. */
  readonly durableExecutionName?: string;
}

/** Answer of Invoke. */
export interface InvokeResult {
  readonly statusCode: 200 | 202 | 204;
  /** `Unhandled` where the function, not the service, failed. */
  readonly functionError?: 'Unhandled';
  /** JSON text; empty for 202 and 204. */
  readonly payload: string;
  readonly executedVersion: string;
  readonly durableExecutionArn?: string;
}

/** What a function's error looks like in the payload of an answer. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

/** How one invocation of an execution environment ended. */
export type InvocationOutcome =
  | { readonly kind: 'returned'; readonly payload: string }
  /** The handler threw; its environment is used again. */
  | { readonly kind: 'threw'; readonly error: FunctionError }
  /** Timed out, exited or was killed; its environment is gone. */
  | { readonly kind: 'crashed'; readonly error: FunctionError };

/** What is told of one invocation once it is over. */
export interface InvocationEnd {
  readonly functionName: string;
  /** Version or alias that the caller named. */
  readonly qualifier?: string;
  /** Epoch milliseconds of the sandbox's clock. */
  readonly startedAtMillis: number;
  readonly became: 'returned' | 'failed' | 'throttled';
}
