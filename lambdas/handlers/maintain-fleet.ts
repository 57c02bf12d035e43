import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import * as z from 'zod/mini';
import { loadPolicy } from '../aws/load-policy.ts';
import type { MaintenanceRun } from '../core/maintenance/run.ts';
import type { RunEnd } from '../core/maintenance/tally.ts';
import { isInstanceId } from '../core/targets.ts';
import { maintain } from '../maintenance/maintain.ts';

const name = z.string().check(z.regex(/^[a-z0-9A-Z-]{1,46}$/));
const common = { choreId: name, runId: name, askedAt: z.iso.datetime() };

const payload = z.union([
  z.strictObject({ ...common, startedBy: z.literal('schedule') }),
  z.strictObject({
    ...common,
    startedBy: z.literal('person'),
    // S1: an instance that was named is one instance, or nothing is done
    preview: z.optional(z.literal(true)),
    instanceId: z.optional(z.string().check(z.refine(isInstanceId))),
  }),
]);

/** Does one chore on instances that are well, in waves. Durable. */
export const handler = withDurableExecution<MaintenanceRun, RunEnd>((event: MaintenanceRun, ctx: DurableContext) =>
  maintain(ctx, payload.parse(event), loadPolicy()),
);
