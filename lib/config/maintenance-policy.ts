import type { ChorePolicy, Maintenance } from '../../lambdas/core/maintenance/maintenance.ts';
import { DAYS } from '../../lambdas/core/maintenance/windows.ts';
import type { Chore } from '../../remedies/chore.ts';
import { chores } from '../../remedies/chores.ts';
import { slices } from '../../remedies/index.ts';
import type { Parameter } from '../../remedies/slice.ts';
import type { Config } from './config.ts';

/** Every parameter of a chore's scripts: its own, and those that it shares with a remedy. */
export function choreParameters({ parameters, shared, id }: Chore): Record<string, Parameter> {
  const remedy = slices.find((slice) => slice.id === shared.remedyId);
  const taken = shared.names.map((name) => {
    const parameter = remedy?.parameters[name];
    if (parameter === undefined) throw new Error(`${id} shares ${name} of ${shared.remedyId}, which does not exist`);
    return [name, parameter] as const;
  });
  return { ...parameters, ...Object.fromEntries(taken) };
}

/** The configuration of maintenance with every default filled in. */
export function maintenancePolicy(
  config: Config,
  documents: Readonly<Record<string, ChorePolicy['documents']>>,
): Maintenance {
  const own = config.maintenance ?? {};
  return {
    mode: own.mode ?? config.mode ?? 'observe',
    chores: chores.map((chore) => chorePolicy(chore, config, documents[chore.id])),
    windows: (own.windows ?? []).map(({ days, from, to, timeZone }) => ({
      days: days ?? DAYS,
      from,
      to,
      timeZone: timeZone ?? 'UTC',
    })),
    maxConcurrency: own.maxConcurrency ?? '10%',
    maxErrors: own.maxErrors ?? '1',
  };
}

function chorePolicy(chore: Chore, config: Config, documents: ChorePolicy['documents'] | undefined): ChorePolicy {
  const { id, title, shared, timeoutSeconds } = chore;
  if (documents === undefined) throw new Error(`no documents of ${id} were made`);
  const every = config.maintenance?.[chore.intervalKey] ?? chore.everySeconds;
  const parameters = choreParameters(chore);
  return {
    id,
    title,
    parameters,
    timeoutSeconds,
    ...(every === 'off' ? {} : { everySeconds: every }),
    settings: {
      ...only(config.remedies?.[shared.remedyId]?.settings, shared.names),
      ...only(config.maintenance?.settings, Object.keys(chore.parameters)),
    },
    documents,
  };
}

function only(settings: Readonly<Record<string, string>> = {}, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => names.includes(name)));
}
