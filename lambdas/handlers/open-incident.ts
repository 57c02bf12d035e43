import { loadPolicy } from '../aws/load-policy.ts';
import { parseAlarmEvent } from '../core/alarm-event.ts';
import { type Intake, openFromAlarm } from '../intake/open-from-alarm.ts';

/** Takes what alarms and EventBridge send; machine events only. */
export async function handler(event: unknown): Promise<Intake> {
  return openFromAlarm(parseAlarmEvent(event), loadPolicy(), Date.now());
}
