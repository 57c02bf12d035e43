import { appendRecord } from '../aws/audit-log.ts';
import { startRemediation } from '../aws/start-remediation.ts';
import { type Opening, openOrJoin } from '../aws/state/incidents.ts';
import { orderOf } from '../core/audit-record.ts';
import type { Fingerprint } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';

/**
 * Opens an incident or joins the open one, and starts its execution.
 * Every join repeats the start, which happens once: an opener that died after its write is made good.
 */
export async function openIncident(
  fingerprint: Fingerprint,
  signal: { readonly openedBy: string; readonly stateChangedAt: string },
  policy: Policy,
  mint: string,
  nowMillis: number,
): Promise<Opening> {
  const opening = await openOrJoin(fingerprint, signal, mint, nowMillis);
  if (opening.kind === 'repeated') return opening;
  const { incidentId, run, openedBy, stateChangedAt } = opening.incident;
  await Promise.all([
    appendRecord(
      { stack: policy.stack, subject: incidentId, order: orderOf(0, 0, 'opened') },
      { kind: 'opened', fingerprint, openedBy, stateChangedAt },
      nowMillis,
    ),
    startRemediation({ incidentId, run }),
  ]);
  return opening;
}
