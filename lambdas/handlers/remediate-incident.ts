import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import * as z from 'zod/mini';
import { loadPolicy } from '../aws/load-policy.ts';
import type { Remediation } from '../core/remediation.ts';
import { type RunEnd, remediate } from '../workflow/remediate.ts';

const payload = z.strictObject({ incidentId: z.string().check(z.regex(/^[0-9a-f]{16}-[0-9a-f]{8}$/)), run: z.int() });

/** Works on one incident until it is closed, handed to a person, or left to the sweep. Durable. */
export const handler = withDurableExecution<Remediation, RunEnd>((event: Remediation, ctx: DurableContext) =>
  remediate(ctx, payload.parse(event), loadPolicy()),
);
