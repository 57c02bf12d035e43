import { z } from 'zod';
import { slices } from '../../remedies/index.ts';
import { MODES } from '../../lambdas/core/policy.ts';

const name = z
  .string()
  .regex(/^[A-Za-z0-9@._*?:+-]{1,100}$/, 'allowed are letters, digits and @._*?:+- (globs), 1 to 100 characters');
const processMatch = z.union(
  [
    z.strictObject({ command: name }),
    z.strictObject({ user: name }),
    z.strictObject({ unit: name }),
    z.strictObject({ slice: name }),
  ],
  'allowed is an object with exactly one of command, user, unit, slice',
);
const seconds = (least: number, most: number) => z.int().min(least).max(most);

const remedy = z.strictObject({
  mode: z.enum(MODES).optional(),
  thresholdPercent: z.int().min(1).max(99).optional(),
  soakSeconds: seconds(30, 86_400).optional(),
  cooldownSeconds: seconds(0, 86_400).optional(),
  settings: z.record(z.string(), z.string()).optional(),
});

/** What `self-healing.config.ts` may say. */
export const configSchema = z.strictObject({
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'allowed are a letter and up to 39 letters, digits and hyphens')
    .optional(),
  mode: z.enum(MODES).optional(),
  remedies: z.strictObject(Object.fromEntries(slices.map(({ id }) => [id, remedy.optional()]))).optional(),
  expendable: z.array(processMatch).max(20).optional(),
  protected: z.array(processMatch).max(20).optional(),
  notifications: z
    .strictObject({ criticalEmails: z.array(z.email()).optional(), warningEmails: z.array(z.email()).optional() })
    .optional(),
  warmUpSeconds: seconds(0, 86_400).optional(),
});
