/** One update of a checkpoint, as a fault hook sees it. */
export interface CheckpointInfo {
  readonly functionName: string;
  readonly executionName: string;
  readonly operationName?: string;
  readonly operationType: string;
  readonly action: string;
  /** Number of this update within its execution, from 0, over all its invocations. */
  readonly index: number;
}

/** Hooks by which a test makes functions die at chosen moments. */
export interface Faults {
  /**
   * Asked for every update of a checkpoint; `kill` ends the environment that sent it:
   * `before` nothing of the checkpoint is applied, `after` all of it is, but the answer is lost.
   */
  onCheckpoint?(info: CheckpointInfo, when: 'before' | 'after'): 'kill' | undefined;
  /** Told of every invocation of an environment, replays included. */
  onInvocation?(info: {
    readonly functionName: string;
    readonly requestId: string;
    readonly executionName?: string;
  }): void;
}

/** Asks the hook about every update of a checkpoint, so that it may also count them; true if any answer is `kill`. */
export function shallKill(
  faults: Faults,
  place: { readonly functionName: string; readonly executionName: string; readonly firstIndex: number },
  updates: readonly { readonly Name?: string; readonly Type: string; readonly Action: string }[],
  when: 'before' | 'after',
): boolean {
  const { functionName, executionName, firstIndex } = place;
  const verdicts = updates.map(({ Name, Type, Action }, offset) =>
    faults.onCheckpoint?.(
      {
        functionName,
        executionName,
        ...(Name === undefined ? {} : { operationName: Name }),
        operationType: Type,
        action: Action,
        index: firstIndex + offset,
      },
      when,
    ),
  );
  return verdicts.includes('kill');
}
