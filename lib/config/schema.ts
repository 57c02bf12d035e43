import { z } from 'zod';
import { MODES } from '../../lambdas/core/policy.ts';
import { isAct, type Remedy } from '../../remedies/slice.ts';
import { agentSchema } from './agent-schema.ts';
import { keepSchema } from './keep-schema.ts';
import { maintenanceSchema } from './maintenance-schema.ts';
import { serviceSchema } from './service-schema.ts';

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

const threshold = {
  Percent: { thresholdPercent: z.int().min(1).max(99).optional() },
  Count: { thresholdCount: z.int().min(1).max(1_000_000).optional() },
} as const;

/** What may be said of every remedy. */
const shared = {
  mode: z.enum(MODES).optional(),
  soakSeconds: seconds(30, 86_400).optional(),
  cooldownSeconds: seconds(0, 86_400).optional(),
};

/** What may be said of one remedy: its threshold by its own unit only; neither threshold nor settings where no script takes them. */
const remedy = (slice: Remedy) =>
  isAct(slice)
    ? z.strictObject(shared)
    : z.strictObject({
        ...shared,
        ...threshold[slice.detection.unit],
        ...(slice.detection.early === undefined ? {} : earlyWarning),
        settings: z.record(z.string(), z.string()).optional(),
      });

const earlyWarning = {
  earlyWarningPercent: z
    .union([z.literal(false), z.int().min(1).max(98)], 'allowed are 1 to 98, and false for no early warning')
    .optional(),
};

/** What a configuration may say, where these remedies exist. */
export const configSchema = (slices: readonly Remedy[]) =>
  z.strictObject({
    stackName: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'allowed are a letter and up to 39 letters, digits and hyphens')
      .optional(),
    mode: z.enum(MODES).optional(),
    remedies: z
      .strictObject(Object.fromEntries(slices.map((slice) => [slice.id, remedy(slice).optional()])))
      .optional(),
    // checked before: the slices in it are part of what else is allowed
    ownRemedies: z.unknown().optional(),
    expendable: z.array(processMatch).max(20).optional(),
    protected: z.array(processMatch).max(20).optional(),
    services: z.array(serviceSchema).max(20).optional(),
    maintenance: maintenanceSchema.optional(),
    agent: agentSchema.optional(),
    keep: keepSchema.optional(),
    notifications: z
      .strictObject({
        criticalEmails: z.array(z.email()).optional(),
        warningEmails: z.array(z.email()).optional(),
        selfAlarmEmails: z.array(z.email()).optional(),
      })
      .optional(),
    warmUpSeconds: seconds(0, 86_400).optional(),
  });
