import type { FollowedClock } from './clocked-date.ts';
import type { FunctionError } from './function-definition.ts';

/** What a thread is started with. */
export interface ThreadSetup {
  /** File URL of the bundle. */
  readonly bundleUrl: string;
  readonly exportName: string;
  readonly clock: FollowedClock;
}

/** Asks a thread for one invocation. */
export interface InvokeMessage {
  readonly requestId: string;
  readonly payload: string;
  readonly timeoutMillis: number;
  readonly context: {
    readonly functionName: string;
    readonly functionVersion: string;
    readonly invokedFunctionArn: string;
    readonly memoryLimitInMB: string;
    readonly logGroupName: string;
    readonly logStreamName: string;
  };
}

/** What a thread says: text that was written, or how the invocation ended. */
export type ThreadMessage =
  | { readonly type: 'log'; readonly text: string }
  | { readonly type: 'returned'; readonly requestId: string; readonly payload: string }
  | { readonly type: 'threw'; readonly requestId: string; readonly error: FunctionError };
