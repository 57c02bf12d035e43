import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { update } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { Closing } from '../core/audit-record.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Journal } from './journal.ts';
import type { RunEnd } from './remediate.ts';

/** Closes the incident and says why; the record comes first, so that nothing closes untold. */
export async function close(
  ctx: DurableContext,
  journal: Journal,
  incident: Incident,
  because: Closing,
  evidence: string,
  turn: number,
): Promise<RunEnd> {
  const openSeconds = await ctx.step(`close ${turn}: time`, async () =>
    Math.round((Date.now() - Date.parse(incident.openedAt)) / 1000),
  );
  const { openedAt, attempts } = incident;
  await journal.record({
    kind: 'closed',
    fingerprint: fingerprintFrom(incident),
    because,
    evidence,
    openedAt,
    openSeconds,
    attempts,
  });
  await ctx.step(`close ${turn}: state`, () => update(incident, { state: 'closed', dueAt: iso(Date.now()) }));
  return 'closed';
}
