import { randomBytes } from 'node:crypto';
import { readContributors } from '../aws/alarm-reader.ts';
import { instanceExists } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { markOnce } from '../aws/state/once.ts';
import type { AlarmEvent } from '../core/alarm-event.ts';
import type { Policy } from '../core/policy.ts';
import { quote } from '../core/quote.ts';
import { fingerprintOf, sliceOfAlarm, sliceOfEarlyAlarm } from '../core/targets.ts';
import { openIncident } from './open-incident.ts';
import { warnEarly } from './warn-early.ts';

/** What became of one event, for the log and for whoever invoked by hand. */
export interface Intake {
  readonly incidents: readonly { readonly incidentId: string; readonly became: string }[];
  /** What was wrong with the event; each is one warning in the log. */
  readonly warnings: readonly string[];
}

const NOTHING: Intake = { incidents: [], warnings: [] };

/** Opens or joins the incidents that an alarm event is about; whatever it does not know is consumed with one warning (S23). */
export async function openFromAlarm(event: AlarmEvent, policy: Policy, nowMillis: number): Promise<Intake> {
  switch (event.kind) {
    case 'not-understood':
      return warn(event.problem);
    case 'nothing-to-do':
      log('INFO', 'event-ignored', { why: event.why });
      return NOTHING;
    case 'alarm':
      return openForAlarm(event, policy, nowMillis);
  }
}

async function openForAlarm(
  event: Extract<AlarmEvent, { kind: 'alarm' }>,
  policy: Policy,
  nowMillis: number,
): Promise<Intake> {
  const early = sliceOfEarlyAlarm(event.alarmName, policy.stack, policy.slices);
  const slice = early ?? sliceOfAlarm(event.alarmName, policy.stack, policy.slices);
  if (slice === undefined) {
    const allowed = policy.slices.map(({ id }) => `${policy.stack}-${id}`).join(', ');
    return warn(`alarm ${quote(event.alarmName)} is not of this stack; allowed are ${allowed}`);
  }
  const contributors =
    event.dimensions === undefined
      ? await askContributors(event.alarmName, nowMillis)
      : [{ dimensions: event.dimensions, stateChangedAt: event.stateChangedAt }];
  const incidents: { incidentId: string; became: string }[] = [];
  const warnings: string[] = [];
  for (const { dimensions, stateChangedAt } of contributors) {
    const named = fingerprintOf(slice, dimensions);
    if ('problem' in named) {
      warnings.push(...warn(`${event.alarmName}: ${named.problem}`).warnings);
    } else if (!(await instanceExists(named.fingerprint.target.id))) {
      warnings.push(
        ...warn(`${event.alarmName}: EC2 does not know the instance ${named.fingerprint.target.id}`).warnings,
      );
    } else if (early !== undefined) {
      await warnEarly(slice, named.fingerprint, stateChangedAt, policy, nowMillis);
    } else {
      const signal = { openedBy: event.alarmName, stateChangedAt };
      const opening = await openIncident(named.fingerprint, signal, policy, randomBytes(4).toString('hex'), nowMillis);
      incidents.push({ incidentId: opening.incident.incidentId, became: opening.kind });
    }
  }
  return { incidents, warnings };
}

/** Once per alarm and minute: the alarm's other events of that minute are about the same contributors. */
async function askContributors(alarmName: string, nowMillis: number) {
  const minute = Math.floor(nowMillis / 60_000);
  if (!(await markOnce(`contributors#${alarmName}#${minute}`, 3600, nowMillis))) {
    log('INFO', 'event-ignored', { why: `the contributors of ${alarmName} were asked for within this minute` });
    return [];
  }
  return readContributors(alarmName, nowMillis);
}

function warn(problem: string): Intake {
  log('WARN', 'event-refused', { problem });
  return { incidents: [], warnings: [problem] };
}
