import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import * as z from 'zod/mini';
import { changeInstance } from '../acts/change-instance.ts';
import { loadPolicy } from '../aws/load-policy.ts';
import { CONTRACT, type ChangeInstanceAnswer, type ChangeInstanceRequest } from '../core/contract.ts';
import { ContractError } from '../core/errors.ts';

const payload = z.strictObject({
  contract: z.literal(CONTRACT),
  incidentId: z.string(),
  attemptId: z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/)),
  remedyId: z.string(),
  fingerprint: z.strictObject({
    target: z.strictObject({ kind: z.literal('instance'), id: z.string().check(z.regex(/^i-[0-9a-f]{8,17}$/)) }),
    part: z.literal(''),
    symptom: z.string(),
  }),
});

/** Reboots, stops, starts and replaces opted-in instances; takes no event from outside. Durable. */
export const handler = withDurableExecution<ChangeInstanceRequest, ChangeInstanceAnswer>(
  (event: ChangeInstanceRequest, ctx: DurableContext) => {
    const parsed = payload.safeParse(event);
    if (!parsed.success) {
      throw new ContractError(
        `the request is not of contract ${CONTRACT}: ${parsed.error.issues[0]?.message ?? 'unknown'}`,
      );
    }
    return changeInstance(ctx, parsed.data, loadPolicy());
  },
);
