import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import {
  type Fingerprint,
  fingerprintKey,
  type Incident,
  keyOfIncidentId,
  mintIncidentId,
} from '../../core/incident.ts';
import { DUE_INDEX } from '../../core/names.ts';
import { OUTCOMES } from '../../core/reasons.ts';
import { dynamo } from '../clients.ts';
import { log } from '../log.ts';
import { isConditionFailure, iso, stateTable } from './table.ts';

const key = (fingerprintKeyText: string) => ({ pk: `incident#${fingerprintKeyText}` });

const attempt = z.object({
  attemptId: z.string(),
  remedyId: z.string(),
  startedAt: z.string(),
  outcome: z.enum(OUTCOMES),
  summary: z.string(),
  evidenceDigest: z.optional(z.string()),
  undelivered: z.optional(z.boolean()),
});

const item = z.object({
  incidentId: z.string(),
  state: z.enum(['open', 'escalated', 'closed']),
  run: z.number(),
  target: z.object({ kind: z.literal('instance'), id: z.string() }),
  part: z.string(),
  symptom: z.string(),
  openedAt: z.string(),
  openedBy: z.string(),
  stateChangedAt: z.string(),
  attempts: z.array(attempt),
  lastReason: z.optional(z.string()),
  working: z.optional(z.boolean()),
  deadRuns: z.optional(z.number()),
  dueAt: z.string(),
});

/** What became of an event: it opened an incident, joined the open one, or told nothing new. */
export type Opening =
  | { readonly kind: 'opened' | 'joined'; readonly incident: Incident }
  | { readonly kind: 'repeated'; readonly incident: Incident };

/** Opens an incident by one conditional write on its fingerprint, or joins the open one (S21). */
export async function openOrJoin(
  fingerprint: Fingerprint,
  signal: { readonly openedBy: string; readonly stateChangedAt: string },
  mint: string,
  nowMillis: number,
): Promise<Opening> {
  const incident: Incident = {
    ...fingerprint,
    incidentId: mintIncidentId(fingerprint, mint),
    state: 'open',
    run: 1,
    openedAt: iso(nowMillis),
    openedBy: signal.openedBy,
    stateChangedAt: signal.stateChangedAt,
    attempts: [],
    working: true,
    dueAt: iso(nowMillis + UNTOUCHED_SECONDS * 1000),
  };
  try {
    await dynamo().send(
      new PutCommand({
        TableName: stateTable(),
        Item: { ...key(fingerprintKey(fingerprint)), ...incident, listing: 'incident' },
        ConditionExpression: 'attribute_not_exists(pk) OR (#state = :closed AND stateChangedAt < :changed)',
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':closed': 'closed', ':changed': signal.stateChangedAt },
      }),
    );
    return { kind: 'opened', incident };
  } catch (error) {
    if (!isConditionFailure(error)) throw error;
    return joined(fingerprint, signal.stateChangedAt);
  }
}

/** An opener that died after its write: the sweep looks after this many seconds. */
const UNTOUCHED_SECONDS = 300;

async function joined(fingerprint: Fingerprint, stateChangedAt: string): Promise<Opening> {
  const incident = await readByKey(fingerprintKey(fingerprint));
  if (incident === undefined) throw new Error(`the incident of ${fingerprintKey(fingerprint)} vanished: try again`);
  if (incident.state === 'closed') return { kind: 'repeated', incident };
  if (incident.stateChangedAt < stateChangedAt) await update(incident, { stateChangedAt });
  return { kind: 'joined', incident };
}

/** The incident of an id; `undefined` where it is unknown or a later one took its place. */
export async function readIncident(incidentId: string): Promise<Incident | undefined> {
  const incident = await readByKey(keyOfIncidentId(incidentId));
  return incident?.incidentId === incidentId ? incident : undefined;
}

/** The newest incident of a fingerprint, open or closed. */
export async function readByFingerprint(fingerprint: Fingerprint): Promise<Incident | undefined> {
  return readByKey(fingerprintKey(fingerprint));
}

async function readByKey(fingerprintKeyText: string): Promise<Incident | undefined> {
  const { Item } = await dynamo().send(
    new GetCommand({ TableName: stateTable(), Key: key(fingerprintKeyText), ConsistentRead: true }),
  );
  return Item === undefined ? undefined : item.parse(Item);
}

type Change = Partial<
  Pick<Incident, 'state' | 'attempts' | 'lastReason' | 'working' | 'deadRuns' | 'dueAt' | 'stateChangedAt'>
>;

/** Changes an incident that is still this one and this run's; answers whether it was. */
export async function update(incident: Pick<Incident, 'incidentId' | 'run'>, change: Change): Promise<boolean> {
  const fields = Object.entries(change).filter(([, value]) => value !== undefined);
  const sets = fields.map((_, place) => `#f${place} = :v${place}`).join(', ');
  const removal = change.state === 'closed' ? ' REMOVE listing' : '';
  return conditionally(incident, `SET ${sets}${removal}`, '#run = :run', Object.fromEntries(fields), {
    ':run': incident.run,
  });
}

/** Starts the incident's next run, once: the answer is that run's number, or `undefined` where another raised it first. */
export async function raiseRun(incident: Incident, change: Change): Promise<number | undefined> {
  const fields = Object.entries({ ...change, working: true, run: incident.run + 1, listing: 'incident' });
  const sets = fields.map((_, place) => `#f${place} = :v${place}`).join(', ');
  // what another run closed meanwhile stays closed
  const condition = '#run = :run AND #state <> :closed';
  const values = { ':run': incident.run, ':closed': 'closed' };
  const raised = await conditionally(incident, `SET ${sets}`, condition, Object.fromEntries(fields), values);
  return raised ? incident.run + 1 : undefined;
}

async function conditionally(
  { incidentId }: Pick<Incident, 'incidentId'>,
  expression: string,
  condition: string,
  fields: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const names = Object.fromEntries(Object.keys(fields).map((name, place) => [`#f${place}`, name]));
  const fieldValues = Object.fromEntries(Object.values(fields).map((value, place) => [`:v${place}`, value]));
  try {
    await dynamo().send(
      new UpdateCommand({
        TableName: stateTable(),
        Key: key(keyOfIncidentId(incidentId)),
        UpdateExpression: expression,
        ConditionExpression: `incidentId = :incidentId AND ${condition}`,
        ExpressionAttributeNames: {
          ...names,
          '#run': 'run',
          ...(condition.includes('#state') ? { '#state': 'state' } : {}),
        },
        ExpressionAttributeValues: { ...fieldValues, ...values, ':incidentId': incidentId },
      }),
    );
    return true;
  } catch (error) {
    if (isConditionFailure(error)) return false;
    throw error;
  }
}

/** Incidents that are not closed, the one due longest first; `dueBeforeMillis` leaves out those that are not due yet. */
export async function listIncidents(dueBeforeMillis?: number): Promise<Incident[]> {
  const found: Incident[] = [];
  let from: Record<string, unknown> | undefined;
  do {
    const page = await dynamo().send(
      new QueryCommand({
        TableName: stateTable(),
        IndexName: DUE_INDEX,
        KeyConditionExpression:
          dueBeforeMillis === undefined ? 'listing = :listing' : 'listing = :listing AND dueAt < :due',
        ExpressionAttributeValues: {
          ':listing': 'incident',
          ...(dueBeforeMillis === undefined ? {} : { ':due': iso(dueBeforeMillis) }),
        },
        ...(from === undefined ? {} : { ExclusiveStartKey: from }),
      }),
    );
    for (const one of page.Items ?? []) {
      const parsed = item.safeParse(one);
      // one item that a newer version wrote must not keep all others from being moved
      if (parsed.success) found.push(parsed.data);
      else log('ERROR', 'unreadable-incident', { pk: one['pk'], problem: parsed.error.issues[0]?.message });
    }
    from = page.LastEvaluatedKey;
  } while (from !== undefined);
  return found;
}
