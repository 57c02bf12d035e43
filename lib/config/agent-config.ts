import type { RollOutConfig } from './roll-out-config.ts';

/** How the fleet's instances come to their CloudWatch agent. */
export type AgentConfig = ReportAgents | InstallAgents | AdoptAgents;

/** Changes nothing on any instance: `check-health` says which lack an agent. */
export interface ReportAgents {
  readonly mode: 'report';
}

/** State Manager installs and configures the agent on opted-in instances where none is configured. */
export interface InstallAgents extends RollOutConfig {
  readonly mode: 'install';
}

/** The instances have a team's own agent: its metrics are read where it puts them. */
export interface AdoptAgents {
  readonly mode: 'adopt';
  readonly namespace: string;
  /** By metric, the exact dimensions that the team's agent gives it. */
  readonly dimensions: Readonly<Record<string, readonly string[]>>;
}
