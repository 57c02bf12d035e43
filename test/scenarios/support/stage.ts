import type { World } from '../world.ts';
import type { Accounts } from './account.ts';

/** Where a story is played: a world, and what runs the durable functions. */
export interface Stage {
  readonly world: World;
  readonly accounts: Accounts;
  /** Delivers the alarm's event for an instance's root disk; the id of the incident that it opened. */
  open(instanceId: string): Promise<string>;
  /** How the execution of an incident's run ended, once it has. */
  ended(incidentId: string, run: number): Promise<unknown>;
  /** One pass of the sweep. */
  sweep(): Promise<{ readonly moved: readonly string[] }>;
  /** The next repair command for the instance is accepted; whoever sent it dies before the answer. */
  loseRepairAnswer(instanceId: string): void;
  close(): Promise<void>;
}
