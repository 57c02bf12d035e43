import type { Parameter, Slice } from '../../remedies/slice.ts';
import { assertNever } from './assert-never.ts';
import type { RunCommandRequest } from './contract.ts';
import { ContractError } from './errors.ts';
import type { Policy } from './policy.ts';

/** Parameters that every document takes, besides the slice's own. */
export const SYSTEM_PARAMETERS = {
  AttemptId: '^[A-Za-z0-9-]{1,64}$',
  Fence: '^[0-9]{1,15}$',
} as const;

/** The values that a document is sent with; each must match its pattern (S14). */
export function scriptParameters(
  { attemptId, fingerprint }: RunCommandRequest,
  slice: Slice,
  fence: number,
  policy: Policy,
): Record<string, string[]> {
  const values: Record<string, string[]> = { AttemptId: [attemptId], Fence: [String(fence)] };
  for (const [name, parameter] of Object.entries(slice.parameters)) {
    const value = valueOf(name, parameter, fingerprint.part, slice.id, policy);
    if (!new RegExp(parameter.pattern).test(value)) {
      throw new ContractError(`${slice.id}: ${name} is ${JSON.stringify(value)}, allowed is ${parameter.pattern}`);
    }
    // an empty value is the document's own default: SSM is not asked to take an empty text
    if (value !== '') values[name] = [value];
  }
  return values;
}

function valueOf(name: string, { source }: Parameter, part: string, sliceId: string, policy: Policy): string {
  switch (source.from) {
    case 'part':
      return part;
    case 'setting':
      return policy.remedies[sliceId]?.settings[name] ?? source.default;
    case 'expendable':
      return policy.expendable;
    case 'protected':
      return policy.protected;
    default:
      return assertNever(source);
  }
}
