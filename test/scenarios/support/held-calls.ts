import type { AwsCall } from '../../../sandbox/gateway/aws-call.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';

/** Calls that wait on their way. */
export interface HeldCalls {
  /** Resolves when the first call waits. */
  readonly held: Promise<void>;
  /** Lets them, and all that come after them, go on. */
  letGo(): void;
}

/** Holds calls that fit until they are let go: as if AWS took its time. */
export function holdCalls(sandbox: Sandbox, fits: (call: AwsCall) => boolean): HeldCalls {
  let tell = (): void => {};
  let open = (): void => {};
  const held = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const end = sandbox.gateway.intercept({
    beforeForward: async (call) => {
      if (!fits(call)) return undefined;
      tell();
      await opened;
      return undefined;
    },
  });
  return {
    held,
    letGo: () => {
      open();
      end();
    },
  };
}
