import { z } from 'zod';
import type { Config } from './config.ts';
import { restartingUnits } from '../kept/restarting-units.ts';
import { rollOutShape } from './roll-out-schema.ts';

/** The key `keep`; of no roll-out but that of State Manager. */
export const keepSchema = z.strictObject({
  ...rollOutShape,
  measurements: z.strictObject({ port: z.int().min(1024).max(32_767) }).optional(),
  ballast: z.strictObject({ mebibytes: z.int().min(16).max(4096) }).optional(),
});

/** What is wrong with `keep` and the rest of the configuration together, one sentence each; empty: nothing. */
export function keepProblems(config: Config): string[] {
  if (config.keep?.measurements !== undefined) return [];
  return restartingUnits(config).map(
    (unit) =>
      `services: ${unit} has restartsOnHost; State Manager puts that on instances, and what it restarts is measured to be told: it needs keep: { first: 'i-…', measurements: { port: 18125 } }`,
  );
}
