import { actSlices } from '../../remedies/index.ts';
import { isAct, type Remedy, type Slice } from '../../remedies/slice.ts';
import { agentProblems } from './agent-problems.ts';
import { agentKeys } from './agent-schema.ts';
import type { Config, RemedyConfig } from './config.ts';
import { describeIssue, lowerFirst } from './describe-issue.ts';
import { keepProblems, keepSchema } from './keep-schema.ts';
import { MAINTENANCE_KEYS, maintenanceProblems } from './maintenance-schema.ts';
import { thresholdOf } from './policy-from-config.ts';
import { ownRemedyProblems } from './own-remedies.ts';
import { remediesOf } from './remedies-of.ts';
import { configSchema } from './schema.ts';
import { serviceProblems } from './service-schema.ts';

/** A configuration that cannot be deployed; the message lists every problem. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/** Types and checks a configuration; throws a ConfigError that says what is wrong, what was got and what is allowed. */
export function defineConfig(config: Config): Config {
  const problems = problemsOf(config);
  if (problems.length > 0) throw new ConfigError(`self-healing.config.ts: ${problems.join('; ')}`);
  return config;
}

function problemsOf(config: Config): string[] {
  // written in JavaScript, it may be anything
  const written = Object(config) === config ? config : {};
  const broken = ownRemedyProblems(written.ownRemedies);
  if (broken.length > 0) return broken;
  const remedies = remediesOf(written);
  const slices = remedies.map(({ slice }) => slice);
  const allRemedies = [...slices, ...actSlices];
  const parsed = configSchema(allRemedies).safeParse(config);
  if (parsed.success) {
    return [
      ...settingProblems(config, slices),
      ...serviceProblems(config.services),
      ...keepProblems(config),
      ...maintenanceProblems(config.maintenance),
      ...agentProblems(config.agent, remedies),
    ];
  }
  return parsed.error.issues.map((issue) => {
    const allowed = allowedKeys(issue.path.map(String), written, allRemedies);
    return describeIssue(issue, config, 'the configuration', allowed && `allowed are ${allowed}`);
  });
}

const KEYS: Record<string, readonly string[]> = {
  '': [
    'stackName',
    'mode',
    'remedies',
    'ownRemedies',
    'expendable',
    'protected',
    'services',
    'maintenance',
    'agent',
    'keep',
    'notifications',
    'warmUpSeconds',
  ],
  maintenance: MAINTENANCE_KEYS,
  keep: Object.keys(keepSchema.shape),
  'keep.measurements': ['port'],
  'keep.ballast': ['mebibytes'],
  notifications: ['criticalEmails', 'warningEmails', 'selfAlarmEmails'],
};
function remedyKeys(slice: Remedy | undefined): string[] {
  if (slice !== undefined && isAct(slice)) return ['mode', 'soakSeconds', 'cooldownSeconds'];
  const early = slice?.detection.early === undefined ? [] : ['earlyWarningPercent'];
  return [
    'mode',
    `threshold${slice?.detection.unit ?? 'Percent'}`,
    ...early,
    'soakSeconds',
    'cooldownSeconds',
    'settings',
  ];
}

function allowedKeys(path: readonly string[], { agent }: Config, slices: readonly Remedy[]): string {
  if (path[0] === 'remedies') {
    return path.length === 1
      ? `the remedies ${slices.map(({ id }) => id).join(', ')}`
      : remedyKeys(slices.find(({ id }) => id === path[1])).join(', ');
  }
  return (path[0] === 'agent' ? agentKeys(agent?.mode) : (KEYS[path.join('.')] ?? [])).join(', ');
}

/** Settings are the slices' own: each must be known and match its pattern, and all must work together. */
function settingProblems({ remedies = {} }: Config, slices: readonly Slice[]): string[] {
  const problems = Object.entries(remedies).flatMap(([id, { settings = {} }]) =>
    Object.entries(settings).flatMap(([name, value]) => settingProblem(slices, id, name, value)),
  );
  return problems.length > 0
    ? problems
    : slices.flatMap((slice) => {
        const own = remedies[slice.id] ?? {};
        return [...conflictOf(slice, own), ...earlyProblem(slice, own)];
      });
}

function settingProblem(slices: readonly Slice[], id: string, name: string, value: string): string[] {
  const slice = slices.find((one) => one.id === id);
  const thresholdName = `Threshold${slice?.detection.unit ?? 'Percent'}`;
  const known = Object.entries(slice?.parameters ?? {}).filter(
    // the threshold is the alarm's as well: it has a key of its own
    ([knownName, { source }]) => source.from === 'setting' && knownName !== thresholdName,
  );
  const parameter = known.find(([knownName]) => knownName === name)?.[1];
  const place = `remedies.${id}.settings.${name}`;
  if (parameter === undefined) {
    const instead = name === thresholdName ? `use remedies.${id}.${lowerFirst(thresholdName)}; ` : '';
    return [`${place} does not exist; ${instead}allowed are ${known.map(([knownName]) => knownName).join(', ')}`];
  }
  if (new RegExp(parameter.pattern).test(value)) return [];
  const example = JSON.stringify(parameter.accepts[0]);
  return [`${place} is ${JSON.stringify(value)}; allowed is ${parameter.pattern}, for example ${example}`];
}

function earlyProblem({ id, detection }: Slice, remedy: RemedyConfig): string[] {
  const { earlyWarningPercent: early } = remedy;
  const threshold = thresholdOf({ detection }, remedy) ?? detection.threshold;
  if (early === undefined || early === false || early < threshold) return [];
  return [
    `remedies.${id}.earlyWarningPercent is ${early}, it must be below the threshold of ${threshold}: else it is no warning`,
  ];
}

function conflictOf(slice: Slice, remedy: RemedyConfig): string[] {
  const { settings = {} } = remedy;
  const configured = thresholdOf(slice, remedy)?.toString();
  const values = Object.entries(slice.parameters).flatMap(([name, { source }]) => {
    if (source.from !== 'setting') return [];
    const threshold = name === `Threshold${slice.detection.unit}` ? configured : undefined;
    return [[name, Number(threshold ?? settings[name] ?? source.default)] as const];
  });
  const conflict = slice.conflict?.(Object.fromEntries(values));
  return conflict === undefined ? [] : [`remedies.${slice.id}: ${conflict}`];
}
