import { randomBytes } from 'node:crypto';
import { alarmsInAlarm, readContributors } from '../aws/alarm-reader.ts';
import { appendRecord } from '../aws/audit-log.ts';
import { instanceExists } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { startRemediation } from '../aws/start-remediation.ts';
import type { Slice } from '../../remedies/slice.ts';
import { listIncidents, type Opening, raiseRun, readByFingerprint } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import { alarmName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';
import { fingerprintOf } from '../core/targets.ts';
import { longestTurnSeconds } from '../core/time-budget.ts';
import { openIncident } from './open-incident.ts';

/** An alarm may lag behind a recovery this long before the sweep opens a new incident for it. */
const ALARM_LAG_SECONDS = 600;

/** Runs that die one after the other before a person is told. */
const MOST_DEAD_RUNS = 3;

/** Place of the sweep's own record: after all that the run itself may have written. */
const LAST_PLACE = 9999;

/** What one pass did. */
export interface Swept {
  /** Incidents that nobody moved, started again. */
  readonly moved: readonly string[];
  /** Alarms in ALARM that had no incident. */
  readonly opened: readonly string[];
  /** What could not be swept this time; the next pass tries again. */
  readonly problems: readonly string[];
}

/** The scheduled pass: alarms fire only on a change of state, so this is the retry (S29). One failure stops no other. */
export async function sweep(policy: Policy, nowMillis: number): Promise<Swept> {
  const problems: string[] = [];
  const moved: string[] = [];
  for (const incident of await listIncidents(nowMillis)) {
    await attempt(problems, incident.incidentId, async () => {
      if (await move(incident, policy, nowMillis)) moved.push(incident.incidentId);
    });
  }
  const opened: string[] = [];
  const bySlice = new Map(policy.slices.map((slice) => [alarmName(policy.stack, slice.id), slice]));
  for (const name of await alarmsInAlarm([...bySlice.keys()])) {
    await attempt(problems, name, async () => {
      const slice = bySlice.get(name);
      if (slice === undefined) return;
      for (const { dimensions } of await readContributors(name, nowMillis)) {
        await attempt(problems, name, async () => {
          const opening = await openUncovered(slice, dimensions, `${name} (sweep)`, policy, nowMillis);
          if (opening?.kind === 'opened') opened.push(opening.incident.incidentId);
        });
      }
    });
  }
  log(problems.length > 0 ? 'WARN' : 'INFO', 'swept', { moved, opened, problems });
  return { moved, opened, problems };
}

/** Opens the incident of a contributor that is in ALARM and has none. */
async function openUncovered(
  slice: Slice,
  dimensions: Readonly<Record<string, string>>,
  openedBy: string,
  policy: Policy,
  nowMillis: number,
): Promise<Opening | undefined> {
  const named = fingerprintOf(slice, dimensions);
  if ('problem' in named) throw new Error(named.problem);
  if (await isCovered(await readByFingerprint(named.fingerprint), nowMillis)) return undefined;
  const { id } = named.fingerprint.target;
  if (!(await instanceExists(id))) throw new Error(`EC2 does not know the instance ${id}`);
  const signal = { openedBy, stateChangedAt: iso(nowMillis) };
  return openIncident(named.fingerprint, signal, policy, randomBytes(4).toString('hex'), nowMillis);
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

async function isCovered(incident: Incident | undefined, nowMillis: number): Promise<boolean> {
  if (incident === undefined) return false;
  return incident.state !== 'closed' || incident.dueAt > iso(nowMillis - ALARM_LAG_SECONDS * 1000);
}

async function attempt(problems: string[], what: string, act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (error) {
    problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
