import type { StoredDocument } from './documents.ts';
import type { ParameterValues } from './parameters.ts';

/** Statuses of a command, an invocation or a step. */
export type CommandStatus = 'Pending' | 'InProgress' | 'Cancelling' | 'Success' | 'Failed' | 'TimedOut' | 'Cancelled';

/** Status with AWS's finer word for it. */
export interface StatusWithDetails {
  readonly status: CommandStatus;
  readonly details: string;
}

/** What one step left; times in epoch milliseconds of the sandbox's clock. */
export interface StepResult extends StatusWithDetails {
  readonly name: string;
  readonly responseCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly startedAtMillis: number;
  readonly finishedAtMillis: number;
  /** Real milliseconds that the script ran. */
  readonly elapsedRealMillis: number;
}

/** One command on one instance. */
export interface Invocation {
  readonly instanceId: string;
  readonly cancel: AbortController;
  state: StatusWithDetails;
  steps: readonly StepResult[];
}

/** One SendCommand call. */
export interface Command {
  readonly id: string;
  readonly documentName: string;
  readonly documentVersion: string;
  readonly document: StoredDocument;
  readonly comment: string;
  readonly given: Readonly<Record<string, readonly string[]>>;
  readonly values: ParameterValues;
  readonly instanceIds: readonly string[];
  readonly targets: readonly { readonly Key: string; readonly Values: readonly string[] }[];
  readonly timeoutSeconds: number;
  readonly requestedAtMillis: number;
  /** On the machine's clock: an invocation can be read a moment after it was sent, whatever the sandbox's speed. */
  readonly sentAtRealMillis: number;
  readonly expiresAtMillis: number;
  readonly invocations: readonly Invocation[];
}

/** Tells whether a status is final. */
export function isFinal({ status }: StatusWithDetails): boolean {
  return status === 'Success' || status === 'Failed' || status === 'TimedOut' || status === 'Cancelled';
}

/** The whole command's status: of its invocations the worst, once all are final. */
export function commandStatus(command: Command): StatusWithDetails {
  const states = command.invocations.map(({ state }) => state);
  if (states.length === 0) return { status: 'Success', details: 'NoInstancesInTag' };
  if (!states.every(isFinal)) {
    const pending = states.every(({ status }) => status === 'Pending');
    const cancelling = states.some(({ status }) => status === 'Cancelling');
    const status = cancelling ? 'Cancelling' : pending ? 'Pending' : 'InProgress';
    return { status, details: status };
  }
  const worst = (['Failed', 'TimedOut', 'Cancelled'] as const).find((one) =>
    states.some(({ status }) => status === one),
  );
  return states.find(({ status }) => status === worst) ?? { status: 'Success', details: 'Success' };
}
