import { randomBytes } from 'node:crypto';
import { type Detecting, detecting } from '../../remedies/slice.ts';
import { readContributors } from '../aws/alarm-reader.ts';
import { instanceExists } from '../aws/fleet-reader.ts';
import { log } from '../aws/log.ts';
import { markOnce } from '../aws/state/once.ts';
import type { AlarmEvent } from '../core/alarm-event.ts';
import { assertNever } from '../core/assert-never.ts';
import { ON_HOST_ALARMS, type OnHostAlarm, onHostAlarmOf, restartedService } from '../core/on-host.ts';
import type { Policy } from '../core/policy.ts';
import { quote } from '../core/quote.ts';
import { fingerprintOf, sliceOfAlarm, sliceOfEarlyAlarm } from '../core/targets.ts';
import { isOurs } from './is-ours.ts';
import { openIncident } from './open-incident.ts';
import { recordOnHost } from './record-on-host.ts';
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
  const meant = meantBy(event.alarmName, policy);
  if (meant === undefined) {
    const known = [...detecting(policy.slices).map(({ id }) => id), ...ON_HOST_ALARMS];
    const allowed = known.map((id) => `${policy.stack}-${id}`);
    return warn(`alarm ${quote(event.alarmName)} is not of this stack; allowed are ${allowed.join(', ')}`);
  }
  const contributors =
    event.dimensions === undefined
      ? await askContributors(event.alarmName, nowMillis)
      : [{ dimensions: event.dimensions, stateChangedAt: event.stateChangedAt }];
  const incidents: { incidentId: string; became: string }[] = [];
  const warnings: string[] = [];
  for (const { dimensions, stateChangedAt } of contributors) {
    const named = meant.kind === 'on-host' ? restartedService(dimensions) : fingerprintOf(meant.slice, dimensions);
    if ('problem' in named) {
      warnings.push(...warn(`${event.alarmName}: ${named.problem}`).warnings);
      continue;
    }
    const { fingerprint } = named;
    if (!(await instanceExists(fingerprint.target.id))) {
      warnings.push(...warn(`${event.alarmName}: EC2 does not know the instance ${fingerprint.target.id}`).warnings);
      continue;
    }
    const signal = { openedBy: event.alarmName, stateChangedAt };
    switch (meant.kind) {
      case 'on-host':
        await recordOnHost(fingerprint, { ...signal, alarm: meant.alarm }, policy.stack, nowMillis);
        break;
      case 'early':
        await warnEarly(meant.slice, fingerprint, stateChangedAt, policy, nowMillis);
        break;
      case 'symptom': {
        if (!(await isOurs(meant.slice, fingerprint.target.id, policy.stack))) {
          log('INFO', 'event-ignored', { why: `${fingerprint.target.id} is not opted in to ${policy.stack}` });
          break;
        }
        const opening = await openIncident(fingerprint, signal, policy, randomBytes(4).toString('hex'), nowMillis);
        incidents.push({ incidentId: opening.incident.incidentId, became: opening.kind });
        break;
      }
      default:
        assertNever(meant);
    }
  }
  return { incidents, warnings };
}

/** What an alarm of this stack is about: a symptom, one that comes near, or what systemd did by itself. */
type Meant =
  | { readonly kind: 'symptom' | 'early'; readonly slice: Detecting }
  | { readonly kind: 'on-host'; readonly alarm: OnHostAlarm };

function meantBy(name: string, { stack, slices }: Policy): Meant | undefined {
  const early = sliceOfEarlyAlarm(name, stack, slices);
  if (early !== undefined) return { kind: 'early', slice: early };
  const slice = sliceOfAlarm(name, stack, slices);
  if (slice !== undefined) return { kind: 'symptom', slice };
  const alarm = onHostAlarmOf(name, stack);
  return alarm === undefined ? undefined : { kind: 'on-host', alarm };
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
