import type { z } from 'zod';
import { slices } from '../../remedies/index.ts';
import type { Slice } from '../../remedies/slice.ts';
import type { Config, RemedyConfig } from './config.ts';
import { configSchema } from './schema.ts';

/** A configuration that cannot be deployed; the message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Types and checks a configuration; throws a ConfigError that says what is wrong, what was got and what is allowed. */
export function defineConfig(config: Config): Config {
  const parsed = configSchema.safeParse(config);
  const problems = parsed.success
    ? settingProblems(config)
    : parsed.error.issues.map((issue) => describe(issue, config));
  if (problems.length > 0) throw new ConfigError(`self-healing.config.ts: ${problems.join('; ')}`);
  return config;
}

function describe(issue: z.core.$ZodIssue, config: Config): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedKeys(issue.path.map(String));
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return `unknown key ${keys}${place && ` in ${place}`}${allowed && `; allowed are ${allowed}`}`;
  }
  return `${place || 'the configuration'} is ${JSON.stringify(valueAt(config, issue.path)) ?? 'missing'}: ${lowerFirst(issue.message)}`;
}

const KEYS: Record<string, readonly string[]> = {
  '': ['stackName', 'mode', 'remedies', 'expendable', 'protected', 'notifications', 'warmUpSeconds'],
  notifications: ['criticalEmails', 'warningEmails'],
};
const REMEDY_KEYS = ['mode', 'thresholdPercent', 'soakSeconds', 'cooldownSeconds', 'settings'];

function allowedKeys(path: readonly string[]): string {
  if (path[0] === 'remedies') {
    return path.length === 1 ? `the remedies ${slices.map(({ id }) => id).join(', ')}` : REMEDY_KEYS.join(', ');
  }
  return (KEYS[path.join('.')] ?? []).join(', ');
}

/** Settings are the slices' own: each must be known and match its pattern, and all must work together. */
function settingProblems({ remedies = {} }: Config): string[] {
  const problems = Object.entries(remedies).flatMap(([id, { settings = {} }]) =>
    Object.entries(settings).flatMap(([name, value]) => settingProblem(id, name, value)),
  );
  return problems.length > 0 ? problems : slices.flatMap((slice) => conflictOf(slice, remedies[slice.id] ?? {}));
}

function settingProblem(id: string, name: string, value: string): string[] {
  const slice = slices.find((one) => one.id === id);
  const known = Object.entries(slice?.parameters ?? {}).filter(
    // the threshold is the alarm's as well: it has a key of its own
    ([knownName, { source }]) => source.from === 'setting' && knownName !== 'ThresholdPercent',
  );
  const parameter = known.find(([knownName]) => knownName === name)?.[1];
  const place = `remedies.${id}.settings.${name}`;
  if (parameter === undefined) {
    const instead = name === 'ThresholdPercent' ? `use remedies.${id}.thresholdPercent; ` : '';
    return [`${place} does not exist; ${instead}allowed are ${known.map(([knownName]) => knownName).join(', ')}`];
  }
  if (new RegExp(parameter.pattern).test(value)) return [];
  const example = JSON.stringify(parameter.accepts[0]);
  return [`${place} is ${JSON.stringify(value)}; allowed is ${parameter.pattern}, for example ${example}`];
}

function conflictOf(slice: Slice, { settings = {}, thresholdPercent }: RemedyConfig): string[] {
  const values = Object.entries(slice.parameters).flatMap(([name, { source }]) => {
    if (source.from !== 'setting') return [];
    const threshold = name === 'ThresholdPercent' ? thresholdPercent?.toString() : undefined;
    return [[name, Number(threshold ?? settings[name] ?? source.default)] as const];
  });
  const conflict = slice.conflict?.(Object.fromEntries(values));
  return conflict === undefined ? [] : [`remedies.${slice.id}: ${conflict}`];
}

function valueAt(config: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.entries(at).find(([name]) => name === String(key))?.[1];
  }, config);
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
