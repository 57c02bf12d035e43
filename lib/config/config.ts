import type { Mode } from '../../lambdas/core/policy.ts';
import type { Slice } from '../../remedies/slice.ts';
import type { AgentConfig } from './agent-config.ts';
import type { KeepConfig } from './keep-config.ts';
import type { MaintenanceConfig } from './maintenance-config.ts';
import type { ServiceConfig } from './service-config.ts';

/** A process that a condition matches: exactly one of them is given. */
export type ProcessMatch =
  | { readonly command: string }
  | { readonly user: string }
  | { readonly unit: string }
  | { readonly slice: string };

/** What the operator may set for one remedy. */
export interface RemedyConfig {
  /** @default the overall mode */
  readonly mode?: Mode;
  /** Metric value from which the alarm fires, and from which the check says unhealthy. @default the remedy's own */
  readonly thresholdPercent?: number;
  /** The same, of a remedy whose metric counts something. @default the remedy's own */
  readonly thresholdCount?: number;
  /** Percentage from which people are warned once a day, before anything is done; `false`: never. @default the remedy's own */
  readonly earlyWarningPercent?: number | false;
  /** How long a recovered instance must stay healthy before the incident closes. @default the remedy's own */
  readonly soakSeconds?: number;
  /** Least time between two remediations of the same target and symptom. @default the remedy's own */
  readonly cooldownSeconds?: number;
  /** Parameters of the remedy's scripts, by name. @default the remedy's own */
  readonly settings?: Readonly<Record<string, string>>;
}

/** The whole configuration. */
export interface Config {
  /** Name of the stack, and the value of the opt-in tag of the instances that it may touch. @default self-healing */
  readonly stackName?: string;
  /** `observe` decides and records only; `act` remediates. @default observe */
  readonly mode?: Mode;
  /** Settings by remedy id. @default every remedy with its own defaults */
  readonly remedies?: Readonly<Record<string, RemedyConfig>>;
  /** The operator's own remedies: each a folder like those under `remedies/`. @default none */
  readonly ownRemedies?: {
    /** The folder in which their folders lie, absolute: `join(import.meta.dirname, 'remedies')`. */
    readonly folder: string;
    readonly slices: readonly Slice[];
  };
  /** Processes that may be stopped; globs. @default none */
  readonly expendable?: readonly ProcessMatch[];
  /** Processes that are never touched, besides those that no configuration can give up. @default none */
  readonly protected?: readonly ProcessMatch[];
  /** Services that are watched and may be restarted; at most 20. @default none */
  readonly services?: readonly ServiceConfig[];
  /** What is done on a schedule to instances that are well. @default clean-up of caches and temporary files, in the overall mode */
  readonly maintenance?: MaintenanceConfig;
  /** How the instances come to the CloudWatch agent whose metrics the alarms watch. @default { mode: 'report' } */
  readonly agent?: AgentConfig;
  /** What State Manager keeps on the instances besides the agent. @default nothing */
  readonly keep?: KeepConfig;
  /** Where messages go, by severity. */
  readonly notifications?: {
    /** Addresses that get critical messages; AWS asks each to confirm. @default none */
    readonly criticalEmails?: readonly string[];
    /** Addresses that get warnings. @default none */
    readonly warningEmails?: readonly string[];
    /** Addresses that are told by CloudWatch itself when the system fails. @default criticalEmails */
    readonly selfAlarmEmails?: readonly string[];
  };
  /** Age before which an instance is left alone. @default 600 */
  readonly warmUpSeconds?: number;
}
