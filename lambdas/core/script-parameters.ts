import type { Parameter } from '../../remedies/slice.ts';
import { assertNever } from './assert-never.ts';
import type { RunCommandRequest } from './contract.ts';
import { ContractError } from './errors.ts';
import { choreOf } from './maintenance/maintenance.ts';
import type { Policy } from './policy.ts';
import type { Scripted } from './script.ts';
import { servicesText } from './services.ts';

/** Parameters that every document takes, besides the slice's own. */
export const SYSTEM_PARAMETERS = {
  AttemptId: '^[A-Za-z0-9-]{1,64}$',
  Fence: '^[0-9]{1,15}$',
} as const;

/** The values that a document is sent with; each must match its pattern (S14). */
export function scriptParameters(
  request: RunCommandRequest,
  slice: Pick<Scripted, 'id' | 'parameters'>,
  fence: number,
  policy: Policy,
): Record<string, string[]> {
  const values: Record<string, string[]> = { AttemptId: [request.attemptId], Fence: [String(fence)] };
  const part = 'choreId' in request ? '' : request.fingerprint.part;
  for (const [name, parameter] of Object.entries(slice.parameters)) {
    const value = valueOf(name, parameter, part, slice.id, policy);
    if (!new RegExp(parameter.pattern).test(value)) {
      throw new ContractError(`${slice.id}: ${name} is ${JSON.stringify(value)}, allowed is ${parameter.pattern}`);
    }
    // an empty value is the document's own default: SSM is not asked to take an empty text
    if (value !== '') values[name] = [value];
  }
  return values;
}

/** What of the policy reaches scripts. */
type ScriptPolicy = Pick<Policy, 'remedies' | 'maintenance' | 'expendable' | 'protected' | 'services'>;

/** The environment of a script that knows a slice's settings, and neither incident nor attempt. */
export function settingsEnvironment(
  slice: Pick<Scripted, 'id' | 'parameters'>,
  policy: ScriptPolicy,
): Record<string, string> {
  const settings = Object.entries(slice.parameters).filter(([, { source }]) => source.from !== 'part');
  return Object.fromEntries(
    settings.map(([name, parameter]) => [`SSM_${name}`, valueOf(name, parameter, '', slice.id, policy)]),
  );
}

function valueOf(name: string, { source }: Parameter, part: string, sliceId: string, policy: ScriptPolicy): string {
  switch (source.from) {
    case 'part':
      return part;
    case 'setting':
      return settingsOf(sliceId, policy)?.[name] ?? source.default;
    case 'expendable':
      return policy.expendable;
    case 'protected':
      return policy.protected;
    case 'services':
      return servicesText(policy.services);
    default:
      return assertNever(source);
  }
}

/** What is set for a remedy or chore: no chore has a remedy's id. */
function settingsOf(id: string, { remedies, maintenance }: ScriptPolicy): Readonly<Record<string, string>> | undefined {
  return remedies[id]?.settings ?? choreOf(id, maintenance)?.settings;
}
