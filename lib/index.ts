/** What other people's CDK apps may use. */
export { OPT_IN_TAG, OPT_OUT_TAG } from '../lambdas/core/names.ts';
export type { AdoptAgents, AgentConfig, InstallAgents, ReportAgents } from './config/agent-config.ts';
export type { Config, ProcessMatch, RemedyConfig } from './config/config.ts';
export type { KeepConfig } from './config/keep-config.ts';
export type { ProbeConfig, ServiceConfig } from './config/service-config.ts';
export type { MaintenanceConfig, WindowConfig } from './config/maintenance-config.ts';
export { ConfigError, defineConfig } from './config/define-config.ts';
export type { HealingFunction } from './healing-function.ts';
export type { Network } from './network.ts';
export { SelfHealing, type SelfHealingProps } from './self-healing.ts';
export { SelfHealingStack, type SelfHealingStackProps } from './self-healing-stack.ts';
export type { Topics } from './topics.ts';
export type { Detection, Disruption, Parameter, ParameterSource, Slice } from '../remedies/slice.ts';
