import type { Chore } from '../../../remedies/chore.ts';
import type { Mode } from '../policy.ts';
import type { MaintenanceWindow } from './windows.ts';

/** One chore as this deployment does it. */
export interface ChorePolicy extends Pick<Chore, 'id' | 'title' | 'parameters' | 'timeoutSeconds'> {
  /** Absent: never by itself, only when a person asks. */
  readonly everySeconds?: number;
  /** Values of its parameters, shared ones included. */
  readonly settings: Readonly<Record<string, string>>;
  /** Names of the command documents, fixed by their content. */
  readonly documents: { readonly preview: string; readonly clean: string };
}

/** What the operator set for the care of instances that are well, with the defaults filled in. */
export interface Maintenance {
  /** `observe`: only says what would be cleaned. */
  readonly mode: Mode;
  readonly chores: readonly ChorePolicy[];
  /** When runs may begin by themselves; none: at any time. */
  readonly windows: readonly MaintenanceWindow[];
  /** Most instances at once, in number or percent of the fleet. */
  readonly maxConcurrency: string;
  /** Failures, in number or percent of the fleet, beyond which a run ends. */
  readonly maxErrors: string;
}

/** The chore of an id. */
export function choreOf(choreId: string, { chores }: Maintenance): ChorePolicy | undefined {
  return chores.find(({ id }) => id === choreId);
}
