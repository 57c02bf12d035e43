import { appendRecord } from '../aws/audit-log.ts';
import { startRemediation } from '../aws/start-remediation.ts';
import { listIncidents, raiseRun } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import { longestTurnSeconds } from '../core/time-budget.ts';
import type { Tried } from './sweep.ts';

/** Runs that die one after the other before a person is told. */
const MOST_DEAD_RUNS = 3;

/** Place of the sweep's own record: after all that the run itself may have written. */
const LAST_PLACE = 9999;

/** Starts the next run of every incident that is due; answers with those that it started. */
export async function moveIncidents(policy: Policy, nowMillis: number, tried: Tried): Promise<string[]> {
  const moved: string[] = [];
  for (const incident of await listIncidents(nowMillis)) {
    const { incidentId } = incident;
    if ((await tried(incidentId, () => move(incident, policy, nowMillis))) === true) moved.push(incidentId);
  }
  return moved;
}

/**
 * Starts the next run; where another pass raised it first, that one started it. Runs that died one after the other mean
 * that the system itself fails on this incident: a person is told, and it goes on being looked at.
 */
async function move(incident: Incident, policy: Policy, nowMillis: number): Promise<boolean> {
  const dueAt = iso(nowMillis + longestTurnSeconds(incident.symptom, policy) * 1000);
  const deadRuns = incident.working === true ? (incident.deadRuns ?? 0) + 1 : 0;
  const stuck = deadRuns >= MOST_DEAD_RUNS && incident.state === 'open';
  if (stuck) await tellStuck(incident, deadRuns, policy, nowMillis);
  const run = await raiseRun(incident, {
    dueAt,
    deadRuns,
    ...(stuck ? { state: 'escalated', lastReason: 'stuck' } : {}),
  });
  if (run === undefined) return false;
  await startRemediation({ incidentId: incident.incidentId, run });
  return true;
}

async function tellStuck(incident: Incident, deadRuns: number, policy: Policy, nowMillis: number): Promise<void> {
  const order = orderOf(incident.run, LAST_PLACE, 'escalated');
  await appendRecord(
    { stack: policy.stack, subject: incident.incidentId, order },
    {
      kind: 'escalated',
      fingerprint: fingerprintFrom(incident),
      reason: 'stuck',
      detail: `${deadRuns} executions died while they worked on it; look into the log of remediate-incident`,
      evidence: 'not read: the executions died',
      lastEvidence: [],
      attempts: incident.attempts,
    },
    nowMillis,
  );
}
