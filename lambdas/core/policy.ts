import type { Remedy } from '../../remedies/slice.ts';
import type { Purpose } from './purpose.ts';
import type { Maintenance } from './maintenance/maintenance.ts';
import type { Service } from './services.ts';

/** `observe`: decide and record only; `act`: remediate. */
export const MODES = ['observe', 'act'] as const;
export type Mode = (typeof MODES)[number];

/** Who cares for the instances' CloudWatch agent: a person, State Manager, or a team that has one already. */
export type AgentMode = 'report' | 'install' | 'adopt';

/** What the operator set for one remedy, with the defaults filled in. */
export interface RemedyPolicy {
  readonly mode: Mode;
  readonly settings: Readonly<Record<string, string>>;
  /** Names of the command documents, fixed by their content; none of a remedy without scripts. */
  readonly documents: Readonly<Partial<Record<Purpose, string>>>;
}

/** The operator's settings that guards and acts read; bundled with the functions. */
export interface Policy {
  readonly stack: string;
  /** Every remedy that this stack knows, its own and the operator's, with the operator's threshold, soak and cooldown. */
  readonly slices: readonly Remedy[];
  readonly remedies: Readonly<Record<string, RemedyPolicy>>;
  /** Processes that may be stopped, as the scripts read them: `command=batch-*;user=nightly`. */
  readonly expendable: string;
  /** Processes that are never touched, besides those that no configuration can give up. */
  readonly protected: string;
  /** Services that may be restarted. */
  readonly services: readonly Service[];
  /** What is done on a schedule to instances that are well. */
  readonly maintenance: Maintenance;
  readonly agentMode: AgentMode;
  /** CloudWatch namespace in which the fleet's metrics arrive. */
  readonly metricNamespace: string;
  /** An instance younger than this is left alone. */
  readonly warmUpSeconds: number;
  /** SSM agents older than this splice parameters into scripts; they are not used. */
  readonly minimumAgentVersion: string;
  /** How long an execution waits in all for a hold to pass before the sweep takes over. */
  readonly holdDeadlineSeconds: number;
  /** Time given to SSM to start a command on an instance. */
  readonly deliveryTimeoutSeconds: number;
  /** SHA-256 of all the above: part of every decision. */
  readonly digest: string;
}
