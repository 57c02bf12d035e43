import { type DurableContext, withDurableExecution } from '@aws/durable-execution-sdk-js';
import * as z from 'zod/mini';
import { runCommand } from '../acts/run-command.ts';
import { loadPolicy } from '../aws/load-policy.ts';
import { CONTRACT, type RunCommandAnswer, type RunCommandRequest } from '../core/contract.ts';
import { ContractError } from '../core/errors.ts';

const attemptId = z.string().check(z.regex(/^[A-Za-z0-9-]{1,64}$/));
const command = { contract: z.literal(CONTRACT), attemptId, claimOwner: attemptId };
const target = z.strictObject({ kind: z.literal('instance'), id: z.string() });

const payload = z.union([
  z.strictObject({
    ...command,
    incidentId: z.string(),
    purpose: z.enum(['check', 'repair', 'undo']),
    remedyId: z.string(),
    fingerprint: z.strictObject({ target, part: z.string(), symptom: z.string() }),
  }),
  z.strictObject({ ...command, purpose: z.enum(['preview', 'clean']), choreId: z.string(), target }),
]);

/** Sends this stack's own documents to opted-in instances; takes no event from outside. Durable. */
export const handler = withDurableExecution<RunCommandRequest, RunCommandAnswer>(
  (event: RunCommandRequest, ctx: DurableContext) => {
    const parsed = payload.safeParse(event);
    if (!parsed.success) {
      throw new ContractError(
        `the request is not of contract ${CONTRACT}: ${parsed.error.issues[0]?.message ?? 'unknown'}`,
      );
    }
    return runCommand(ctx, parsed.data, loadPolicy());
  },
);
