import { z } from 'zod';
import { rollOutShape } from './roll-out-schema.ts';

const dimension = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,99}$/, 'allowed are a letter, letters, digits and _');

const install = z.strictObject({ mode: z.literal('install'), ...rollOutShape });

const adopt = z.strictObject({
  mode: z.literal('adopt'),
  namespace: z
    .string("allowed is the namespace of your agent's metrics, such as CWAgent")
    .regex(/^(?!AWS\/)[A-Za-z0-9._/#:-]{1,255}$/, 'allowed are letters, digits and ._/#:-, not AWS/ at its start'),
  dimensions: z.record(
    z.string(),
    z.array(dimension).refine((names) => new Set(names).size === names.length, 'each dimension is allowed once'),
  ),
});

const byMode = { report: z.strictObject({ mode: z.literal('report') }), install, adopt } as const;

/** What a configuration may say of the agent; what its metrics demand is checked by `agentProblems`. */
export const agentSchema = z.discriminatedUnion('mode', [byMode.report, byMode.install, byMode.adopt], {
  error: ({ code }) =>
    code === 'invalid_union' ? 'invalid option: expected one of "report"|"install"|"adopt"' : undefined,
});

/** The keys that go with a mode; none with a mode that does not exist. */
export function agentKeys(mode: unknown): string[] {
  const schemas = Object.entries(byMode).filter(([name]) => name === mode);
  return schemas.flatMap(([, { shape }]) => Object.keys(shape));
}
