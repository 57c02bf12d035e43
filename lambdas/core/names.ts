/** Names that synth time and run time must agree on. */

/** The tag without which an instance is never touched; its value names the stack that may act. */
export const OPT_IN_TAG = 'self-healing:stack';
/** The tag that protects an instance, volume or group from every act, whatever its value. */
export const OPT_OUT_TAG = 'self-healing:opt-out';
/** Namespace of the fleet's metrics, where a team has none of its own; the system's own metrics are always there. */
export const METRIC_NAMESPACE = 'SelfHealing';
/**
 * What the CloudWatch agent adds to each value that it takes by its StatsD input, besides the value's own tags; ours are gauges.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-Agent-custom-metrics-statsd.html
 */
export const MEASUREMENT_KIND = { dimension: 'metric_type', value: 'gauge' } as const;
/** Qualifier by which functions are invoked: the newest policy binds. */
export const LIVE_ALIAS = 'live';
/** Index of the state table that lists what is still open, by the time it is due. */
export const DUE_INDEX = 'due';
/** File beside each bundle that holds the policy it was deployed with. */
export const POLICY_FILE = 'policy.json';

/** The stack's functions, in flow order. */
export const FUNCTIONS = [
  'openIncident',
  'answerRequest',
  'remediateIncident',
  'runCommand',
  'maintainFleet',
  'changeInstance',
  'notify',
  'sendSns',
  'sweepIncidents',
] as const;
export type FunctionKey = (typeof FUNCTIONS)[number];

/** Those whose executions wait, each pinned to the version that it began with. */
export const DURABLE_FUNCTIONS: readonly FunctionKey[] = [
  'remediateIncident',
  'runCommand',
  'changeInstance',
  'maintainFleet',
];

/** `openIncident` -> `open-incident`: the handler's file and the function's name after the stack's. */
export function kebabCase(key: FunctionKey): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** Name of one of a stack's functions. */
export function functionName(stack: string, key: FunctionKey): string {
  return `${stack}-${kebabCase(key)}`;
}

/** Environment variables of the functions. */
export const ENVIRONMENT = {
  stateTable: 'STATE_TABLE',
  auditTable: 'AUDIT_TABLE',
  remediateIncident: 'REMEDIATE_INCIDENT_FUNCTION',
  runCommand: 'RUN_COMMAND_FUNCTION',
  maintainFleet: 'MAINTAIN_FLEET_FUNCTION',
  changeInstance: 'CHANGE_INSTANCE_FUNCTION',
  snsQueue: 'SNS_QUEUE_URL',
  criticalTopic: 'CRITICAL_TOPIC_ARN',
  warningTopic: 'WARNING_TOPIC_ARN',
  selfAlarmTopic: 'SELF_ALARM_TOPIC_ARN',
} as const;

/** Name of the fleet alarm that warns of a slice's symptom before it is there. */
export function earlyAlarmName(stack: string, sliceId: string): string {
  return `${alarmName(stack, sliceId)}${EARLY}`;
}

/** How the name of an early alarm ends; no remedy's id does. */
export const EARLY = '-early';

/** Name of the fleet alarm that detects a slice's symptom. */
export function alarmName(stack: string, sliceId: string): string {
  return `${stack}-${sliceId}`;
}
