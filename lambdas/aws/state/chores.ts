import { GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { LastRun } from '../../core/maintenance/last-run.ts';
import { RUN_ENDS } from '../../core/maintenance/tally.ts';
import { dynamo } from '../clients.ts';
import { isConditionFailure, stateTable } from './table.ts';

const key = (choreId: string) => ({ pk: `chore#${choreId}` });

const item = z.object({
  plan: z.optional(z.object({ everySeconds: z.number(), dueAt: z.string() })),
  asked: z.optional(z.object({ runId: z.string(), askedAt: z.string() })),
  begunRunId: z.optional(z.string()),
  endedRunId: z.optional(z.string()),
  lastRun: z.optional(
    z.object({
      runId: z.string(),
      ended: z.enum(RUN_ENDS),
      endedAt: z.string(),
      summary: z.string(),
      failed: z.number(),
    }),
  ),
});

/** When a chore is due, and what became of its runs. */
export interface ChoreState {
  readonly plan?: { readonly everySeconds: number; readonly dueAt: string };
  /** The newest scheduled run: started, or about to be. */
  readonly asked?: { readonly runId: string; readonly askedAt: string };
  /** The newest scheduled run whose execution began, and the newest that ended. */
  readonly begunRunId?: string;
  readonly endedRunId?: string;
  /** The newest run of all, asked for by a person or scheduled. */
  readonly lastRun?: LastRun;
}

export async function readChore(choreId: string): Promise<ChoreState> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: stateTable(), Key: key(choreId), ConsistentRead: true }),
  );
  return item.parse(Item ?? {});
}

/** Sets when a chore is due next; answers whether it did, for of two passes at once only one does. */
export async function planChore(
  choreId: string,
  before: ChoreState['plan'],
  plan: NonNullable<ChoreState['plan']>,
): Promise<boolean> {
  return write(choreId, { plan }, before);
}

/** Notes that a run is to be started, and when the next is due; answers whether it did: only one pass does, once (S21). */
export async function askForRun(
  choreId: string,
  before: NonNullable<ChoreState['plan']>,
  asked: NonNullable<ChoreState['asked']>,
  dueAt: string,
): Promise<boolean> {
  return write(choreId, { asked, plan: { ...before, dueAt } }, before);
}

/** Notes that a scheduled run's execution began: it need not be started again. */
export async function noteBegun(choreId: string, runId: string): Promise<void> {
  await set(choreId, { begunRunId: runId });
}

/** Notes how a run ended. */
export async function noteEnded(choreId: string, lastRun: LastRun, scheduled: boolean): Promise<void> {
  await set(choreId, { lastRun, ...(scheduled ? { endedRunId: lastRun.runId } : {}) });
}

/** Writes where the plan still is what was read. */
async function write(
  choreId: string,
  fields: Readonly<Record<string, unknown>>,
  before: ChoreState['plan'],
): Promise<boolean> {
  try {
    await set(choreId, fields, before ?? 'none');
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

async function set(
  choreId: string,
  fields: Readonly<Record<string, unknown>>,
  before?: ChoreState['plan'] | 'none',
): Promise<void> {
  const condition = before === 'none' ? 'attribute_not_exists(#plan)' : '#plan = :before';
  const names = Object.keys(fields).map((name) => [`#${name}`, name] as const);
  const values = Object.entries(fields).map(([name, value]) => [`:${name}`, value] as const);
  await dynamo().send(
    new UpdateCommand({
      TableName: stateTable(),
      Key: key(choreId),
      UpdateExpression: `SET ${Object.keys(fields)
        .map((name) => `#${name} = :${name}`)
        .join(', ')}`,
      ExpressionAttributeNames: { ...Object.fromEntries(names), ...(before === undefined ? {} : { '#plan': 'plan' }) },
      ExpressionAttributeValues: {
        ...Object.fromEntries(values),
        ...(before === undefined || before === 'none' ? {} : { ':before': before }),
      },
      ...(before === undefined ? {} : { ConditionExpression: condition }),
    }),
  );
}
