import type { SandboxInstance } from '../instance/instance.ts';

/** An instance as Systems Manager knows it. */
export interface ManagedInstance {
  readonly instance: SandboxInstance;
  /** Whether its agent answers. */
  readonly online: boolean;
  readonly agentVersion: string;
}

/** Instances by id; looked at anew for each call. */
export type ManagedInstances = ReadonlyMap<string, ManagedInstance>;

/** Tells whether a command can reach the instance now. */
export function isReachable(managed: ManagedInstance | undefined): managed is ManagedInstance {
  return managed !== undefined && managed.online && managed.instance.running;
}
