import { createHash } from 'node:crypto';
import type { Policy, RemedyPolicy } from '../../lambdas/core/policy.ts';
import { slices } from '../../remedies/index.ts';
import type { Slice } from '../../remedies/slice.ts';
import type { Config, ProcessMatch } from './config.ts';

/** Agents from here on hand parameters to scripts as environment: AWS's `interpolationType: ENV_VAR`. */
const MINIMUM_AGENT_VERSION = '3.3.2746.0';

/** Slices with the configuration's thresholds, as alarms and checks shall see them. */
export function configuredSlice(slice: Slice, config: Config): Slice {
  const thresholdPercent = config.remedies?.[slice.id]?.thresholdPercent ?? slice.detection.thresholdPercent;
  return { ...slice, detection: { ...slice.detection, thresholdPercent } };
}

/** The policy that is bundled with the functions: the configuration with every default filled in. */
export function policyFromConfig(
  config: Config,
  documents: Readonly<Record<string, RemedyPolicy['documents']>>,
): Policy {
  const policy: Omit<Policy, 'digest'> = {
    stack: stackNameOf(config),
    remedies: Object.fromEntries(slices.map((slice) => [slice.id, remedyPolicy(slice, config, documents)])),
    expendable: (config.expendable ?? []).map(entry).join(';'),
    protected: (config.protected ?? []).map(entry).join(';'),
    warmUpSeconds: config.warmUpSeconds ?? 600,
    minimumAgentVersion: MINIMUM_AGENT_VERSION,
    holdDeadlineSeconds: 900,
    deliveryTimeoutSeconds: 60,
  };
  return { ...policy, digest: createHash('sha256').update(JSON.stringify(policy)).digest('hex') };
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
  const threshold: Record<string, string> =
    'ThresholdPercent' in slice.parameters && own.thresholdPercent !== undefined
      ? { ThresholdPercent: String(own.thresholdPercent) }
      : {};
  return {
    mode: own.mode ?? config.mode ?? 'observe',
    settings: { ...threshold, ...own.settings },
    thresholdPercent: configuredSlice(slice, config).detection.thresholdPercent,
    soakSeconds: own.soakSeconds ?? slice.soakSeconds,
    cooldownSeconds: own.cooldownSeconds ?? slice.cooldownSeconds,
    documents: slicesDocuments,
  };
}

function entry(match: ProcessMatch): string {
  return Object.entries(match)
    .map(([key, glob]) => `${key}=${glob}`)
    .join(';');
}
