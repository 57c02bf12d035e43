/** How much a remedy disturbs, least first; the order of a ladder's rungs. */
export const DISRUPTIONS = ['none', 'process', 'reboot', 'replace'] as const;
export type Disruption = (typeof DISRUPTIONS)[number];

/** Scripts of `remedies/` that repairs share by choice, each with what it is for in its first lines. */
export const SHARED_SCRIPTS = ['cleaning.sh', 'ballast.sh', 'deleted-files.sh', 'containers.sh', 'kernels.sh'] as const;
export type SharedScript = (typeof SHARED_SCRIPTS)[number];

/** Where the value of a script's parameter comes from. */
export type ParameterSource =
  /** The incident's part, such as a mount path. */
  | { readonly from: 'part' }
  /** The configuration's `remedies.<id>.settings.<name>`, else this default. */
  | { readonly from: 'setting'; readonly default: string; readonly describes: string }
  /** The configuration's list of processes that may be stopped. */
  | { readonly from: 'expendable' }
  /** The configuration's list of processes that are never touched, besides the built-in one. */
  | { readonly from: 'protected' }
  /** The configuration's list of services that may be restarted. */
  | { readonly from: 'services' };

/** One parameter of a slice's scripts: reaches them only as the environment variable `SSM_<name>`. */
export interface Parameter {
  readonly source: ParameterSource;
  /** Full-match pattern in the syntax that Java, Go and JavaScript share. */
  readonly pattern: string;
  readonly accepts: readonly [string, ...string[]];
  readonly rejects: readonly [string, ...string[]];
}

/** The fleet alarm by which a slice's symptom is detected. */
export interface Detection {
  /** Where AWS itself puts the metric, such as `AWS/EC2`. @default where the fleet's agents put theirs */
  readonly namespace?: string;
  readonly metricName: string;
  readonly statistic: 'MAX' | 'AVG';
  /** Exact dimension set of the metric, as the agent publishes it. */
  readonly dimensions: readonly string[];
  /** Dimensions that make a contributor: always `InstanceId`, with `path` where a disk is the part, `service` where a service is. */
  readonly groupBy: readonly ['InstanceId'] | readonly ['InstanceId', 'path'] | readonly ['InstanceId', 'service'];
  /** From where the alarm fires and the check says unhealthy. */
  readonly threshold: number;
  /** What the threshold counts: `thresholdPercent` or `thresholdCount` in the configuration, `Threshold<unit>` in scripts. */
  readonly unit: 'Percent' | 'Count';
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  /** From where people are warned, once it lasted so many periods: nothing is done yet, and no incident opens. */
  readonly early?: { readonly threshold: number; readonly evaluationPeriods: number };
}

/** One remedy of scripts: a folder of plain data and bash. */
export interface Slice {
  /** The remedy's id, and its folder's name. */
  readonly id: string;
  readonly symptom: string;
  /** What it does, in one short clause for messages. */
  readonly title: string;
  readonly detection: Detection;
  readonly disruption: Disruption;
  /** How much it disturbs with these settings, where that depends on them; all are given, defaults filled in. */
  readonly disruptionWith?: (settings: Readonly<Record<string, string>>) => Disruption;
  /** What stands before `repair.sh` besides what stands before every script. */
  readonly shares?: readonly SharedScript[];
  readonly parameters: Readonly<Record<string, Parameter>>;
  /** What is wrong with settings that are each allowed but cannot work together; all settings are given, defaults filled in. */
  readonly conflict?: (settings: Readonly<Record<string, number>>) => string | undefined;
  /** How long a script may run, in real seconds. */
  readonly checkTimeoutSeconds: number;
  readonly repairTimeoutSeconds: number;
  /** How long the instance must stay healthy before the incident closes. */
  readonly soakSeconds: number;
  /** Least time between two remediations of the same target and symptom. */
  readonly cooldownSeconds: number;
  /** Attempts of this remedy within one incident. */
  readonly maximumAttempts: number;
  /** `undo.sh` puts back what `repair.sh` eased, or the reason why nothing can be put back. */
  readonly undo: { readonly script: 'undo.sh' } | { readonly impossible: string };
}

/** What an act slice does to the whole instance by AWS's API; the code is in `lambdas/acts/`. */
export const ACTS = ['reboot-instance', 'stop-start-instance', 'replace-instance'] as const;
export type Act = (typeof ACTS)[number];

/** One remedy whose check and act are calls of AWS's API: a folder of plain data and its runbook, without scripts. */
export interface ActSlice {
  /** The remedy's id, and its folder's name. */
  readonly id: string;
  readonly symptom: string;
  /** What it does, in one short clause for messages. */
  readonly title: string;
  readonly act: Act;
  /** Absent: a lower rung of the same ladder detects the symptom. Its check is what EC2's status checks say. */
  readonly detection?: Detection;
  readonly disruption: Disruption;
  /** How long after the act the check may take to say healthy; longer, and it did not help. */
  readonly settleSeconds: number;
  /** How long the instance must stay healthy before the incident closes. */
  readonly soakSeconds: number;
  /** Least time between two remediations of the same target and symptom. */
  readonly cooldownSeconds: number;
  /** Attempts of this remedy within one incident. */
  readonly maximumAttempts: number;
  /** Why nothing can be put back. */
  readonly undo: { readonly impossible: string };
}

/** One remedy of either kind. */
export type Remedy = Slice | ActSlice;

/** A remedy whose symptom an alarm of its own detects. */
export type Detecting = Slice | (ActSlice & { readonly detection: Detection });

/** Whether a remedy is a call of AWS's API. */
export function isAct(remedy: Remedy): remedy is ActSlice {
  return 'act' in remedy;
}

/** Those of the remedies that have an alarm of their own. */
export function detecting(remedies: readonly Remedy[]): Detecting[] {
  return remedies.filter((remedy): remedy is Detecting => remedy.detection !== undefined);
}
