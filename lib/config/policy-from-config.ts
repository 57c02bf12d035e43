import { createHash } from 'node:crypto';
import type { ChorePolicy } from '../../lambdas/core/maintenance/maintenance.ts';
import type { Mode, Policy, RemedyPolicy } from '../../lambdas/core/policy.ts';
import type { Service } from '../../lambdas/core/services.ts';
import { actSlices } from '../../remedies/index.ts';
import type { ActSlice, Detection, Slice } from '../../remedies/slice.ts';
import { METRIC_NAMESPACE } from '../../lambdas/core/names.ts';
import type { Config, ProcessMatch, RemedyConfig } from './config.ts';
import { maintenancePolicy } from './maintenance-policy.ts';
import { remediesOf } from './remedies-of.ts';
import type { ServiceConfig } from './service-config.ts';

/** Agents from here on hand parameters to scripts as environment: AWS's `interpolationType: ENV_VAR`. */
const MINIMUM_AGENT_VERSION = '3.3.2746.0';

/** A slice with what the configuration says of it, as alarms, checks and the flow shall see it. */
export function configuredSlice(slice: Slice, config: Config): Slice {
  const own = config.remedies?.[slice.id] ?? {};
  const { detection } = slice;
  const threshold = thresholdOf(slice, own) ?? detection.threshold;
  const early = earlyOf(detection.early, own, threshold);
  const { early: _early, ...always } = detection;
  const adopted = config.agent?.mode === 'adopt' ? config.agent.dimensions[detection.metricName] : undefined;
  return {
    ...slice,
    disruption: slice.disruptionWith?.(settingsOf(slice, own)) ?? slice.disruption,
    detection: {
      ...always,
      dimensions: adopted ?? detection.dimensions,
      threshold,
      ...(early === undefined ? {} : { early }),
    },
    soakSeconds: own.soakSeconds ?? slice.soakSeconds,
    cooldownSeconds: own.cooldownSeconds ?? slice.cooldownSeconds,
  };
}

/** Where people are warned early: as configured, else at the remedy's own value where the threshold lies above it. */
function earlyOf(
  early: Detection['early'],
  { earlyWarningPercent }: RemedyConfig,
  threshold: number,
): Detection['early'] {
  if (early === undefined || earlyWarningPercent === false) return undefined;
  if (earlyWarningPercent !== undefined) return { ...early, threshold: earlyWarningPercent };
  return early.threshold < threshold ? early : undefined;
}

/** A slice's settings but the threshold, as the configuration has them, defaults filled in. */
function settingsOf({ parameters }: Slice, { settings = {} }: RemedyConfig): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([name, { source }]) =>
      source.from === 'setting' ? [[name, settings[name] ?? source.default] as const] : [],
    ),
  );
}

/** An act slice with what the configuration says of it. */
function configuredAct(slice: ActSlice, config: Config): ActSlice {
  const { soakSeconds = slice.soakSeconds, cooldownSeconds = slice.cooldownSeconds } =
    config.remedies?.[slice.id] ?? {};
  return { ...slice, soakSeconds, cooldownSeconds };
}

/** The configured threshold, in the slice's own unit. */
export function thresholdOf(
  { detection }: Pick<Slice, 'detection'>,
  { thresholdPercent, thresholdCount }: RemedyConfig,
): number | undefined {
  return detection.unit === 'Percent' ? thresholdPercent : thresholdCount;
}

/** The policy that is bundled with the functions: the configuration with every default filled in. */
export function policyFromConfig(
  config: Config,
  documents: Readonly<Record<string, RemedyPolicy['documents']>>,
  choreDocuments: Readonly<Record<string, ChorePolicy['documents']>>,
): Policy {
  const slices = remediesOf(config).map(({ slice }) => plainData(configuredSlice(slice, config)));
  const acts = actSlices.map((slice) => configuredAct(slice, config));
  const policy: Omit<Policy, 'digest'> = {
    stack: stackNameOf(config),
    slices: [...acts, ...slices],
    remedies: Object.fromEntries([
      ...slices.map((slice) => [slice.id, remedyPolicy(slice, config, documents)] as const),
      ...acts.map(({ id }) => [id, { mode: modeOf(id, config), settings: {}, documents: {} }] as const),
    ]),
    expendable: (config.expendable ?? []).map(entry).join(';'),
    protected: (config.protected ?? []).map(entry).join(';'),
    services: (config.services ?? []).map(serviceFrom),
    maintenance: maintenancePolicy(config, choreDocuments),
    agentMode: config.agent?.mode ?? 'report',
    metricNamespace: config.agent?.mode === 'adopt' ? config.agent.namespace : METRIC_NAMESPACE,
    warmUpSeconds: config.warmUpSeconds ?? 600,
    minimumAgentVersion: MINIMUM_AGENT_VERSION,
    holdDeadlineSeconds: 900,
    deliveryTimeoutSeconds: 60,
  };
  return { ...policy, digest: createHash('sha256').update(JSON.stringify(policy)).digest('hex') };
}

/** What of a slice reaches run time: its settings were checked against each other, and made their effect, at synth. */
function plainData({ conflict: _conflict, disruptionWith: _disruptionWith, ...data }: Slice): Slice {
  return data;
}

/** Name of the stack, and the value of the opt-in tag. */
export function stackNameOf({ stackName }: Config): string {
  return stackName ?? 'self-healing';
}

function remedyPolicy(
  slice: Slice,
  config: Config,
  documents: Readonly<Record<string, RemedyPolicy['documents']>>,
): RemedyPolicy {
  const own = config.remedies?.[slice.id] ?? {};
  const slicesDocuments = documents[slice.id];
  if (slicesDocuments === undefined) throw new Error(`no documents of ${slice.id} were made`);
  const parameter = `Threshold${slice.detection.unit}`;
  const threshold: Record<string, string> =
    parameter in slice.parameters && thresholdOf(slice, own) !== undefined
      ? { [parameter]: String(slice.detection.threshold) }
      : {};
  return {
    mode: modeOf(slice.id, config),
    settings: { ...threshold, ...own.settings },
    documents: slicesDocuments,
  };
}

function modeOf(id: string, { mode, remedies }: Config): Mode {
  return remedies?.[id]?.mode ?? mode ?? 'observe';
}

function entry(match: ProcessMatch): string {
  return Object.entries(match)
    .map(([key, glob]) => `${key}=${glob}`)
    .join(';');
}

function serviceFrom({ unit, memoryMebibytes, probe, after, control }: ServiceConfig): Service {
  return {
    unit,
    ...(memoryMebibytes === undefined ? {} : { memoryMebibytes }),
    ...(probe === undefined
      ? {}
      : {
          probe: Object.entries(probe)
            .map(([kind, what]) => `${kind}=${what}`)
            .join(),
        }),
    after: after ?? [],
    ...(control === undefined ? {} : { control }),
  };
}
