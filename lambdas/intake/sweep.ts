import { randomBytes } from 'node:crypto';
import { slices } from '../../remedies/index.ts';
import { alarmsInAlarm, readContributors } from '../aws/alarm-reader.ts';
import { instanceExists } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { startRemediation } from '../aws/start-remediation.ts';
import { listIncidents, raiseRun, readByFingerprint } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { Incident } from '../core/incident.ts';
import { alarmName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';
import { fingerprintOf } from '../core/targets.ts';
import { longestTurnSeconds } from '../core/time-budget.ts';
import { openIncident } from './open-incident.ts';

/** An alarm may lag behind a recovery this long before the sweep opens a new incident for it. */
const ALARM_LAG_SECONDS = 600;

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
  const bySlice = new Map(slices.map((slice) => [alarmName(policy.stack, slice.id), slice]));
  for (const name of await alarmsInAlarm([...bySlice.keys()])) {
    await attempt(problems, name, async () => {
      const slice = bySlice.get(name);
      if (slice === undefined) return;
      for (const { dimensions } of await readContributors(name, nowMillis)) {
        const named = fingerprintOf(slice, dimensions);
        if ('problem' in named) throw new Error(named.problem);
        if (await isCovered(await readByFingerprint(named.fingerprint), nowMillis)) continue;
        if (!(await instanceExists(named.fingerprint.target.id)))
          throw new Error(`unknown instance ${named.fingerprint.target.id}`);
        const signal = { openedBy: `${name} (sweep)`, stateChangedAt: iso(nowMillis) };
        const opening = await openIncident(
          named.fingerprint,
          signal,
          policy,
          randomBytes(4).toString('hex'),
          nowMillis,
        );
        if (opening.kind === 'opened') opened.push(opening.incident.incidentId);
      }
    });
  }
  log(problems.length > 0 ? 'WARN' : 'INFO', 'swept', { moved, opened, problems });
  return { moved, opened, problems };
}

/** Starts the next run; where another pass raised it first, that one started it. */
async function move(incident: Incident, policy: Policy, nowMillis: number): Promise<boolean> {
  const dueAt = iso(nowMillis + longestTurnSeconds(incident.symptom, slices, policy) * 1000);
  const run = await raiseRun(incident, { dueAt });
  if (run === undefined) return false;
  await startRemediation({ incidentId: incident.incidentId, run });
  return true;
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
