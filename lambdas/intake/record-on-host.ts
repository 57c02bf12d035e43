import { appendRecord } from '../aws/audit-log.ts';
import type { Fingerprint } from '../core/incident.ts';
import type { OnHostAlarm } from '../core/on-host.ts';

/** Records what systemd did by itself: no incident, for it is over. Both ways by which an alarm tells it make one record. */
export function recordOnHost(
  fingerprint: Fingerprint,
  signal: { readonly alarm: OnHostAlarm; readonly openedBy: string; readonly stateChangedAt: string },
  stack: string,
  nowMillis: number,
): Promise<void> {
  const { alarm, openedBy, stateChangedAt } = signal;
  const subject = `on-host#${fingerprint.target.id}#${fingerprint.part}`;
  return appendRecord(
    { stack, subject, order: `${stateChangedAt}#${alarm}` },
    { kind: 'on-host', fingerprint, again: alarm === 'restarted-again', openedBy, stateChangedAt },
    nowMillis,
  );
}
