import { duration } from '../../lambdas/core/message.ts';
import { resultOf } from '../../lambdas/core/maintenance/visit.ts';
import type { AuditRecord } from '../../lambdas/core/audit-record.ts';
import { summarise } from '../../lambdas/core/started.ts';
import type { TransitionEvent } from '../cloudwatch/transitions.ts';

/** One line of what happened: a label and a text. */
export interface TimelineLine {
  readonly label: string;
  readonly text: string;
}

/** What an audit record says, as one line; `undefined` where the line before says it already. */
export function lineOfRecord(record: AuditRecord): TimelineLine | undefined {
  switch (record.kind) {
    case 'opened':
      return { label: 'incident', text: `${record.subject} opened by ${record.openedBy}` };
    case 'decided':
      return {
        label: 'decision',
        text: `${record.decision.kind} (${record.decision.reason}): ${record.decision.detail}`,
      };
    case 'acted':
      return {
        label: record.purpose === 'undo' ? 'undo' : 'act',
        text: `${record.remedyId}: ${summarise(record.answer)}`,
      };
    case 'verified': {
      const when = record.soakedSeconds === 0 ? 'now' : `after ${duration(record.soakedSeconds)}`;
      return { label: 'verified', text: `${record.outcome} ${when}: ${record.evidence}` };
    }
    case 'closed':
      return {
        label: 'closed',
        text: `${record.because}, open for ${duration(record.openSeconds)} of the sandbox's clock`,
      };
    case 'escalated':
      return { label: 'person', text: `${record.reason}: ${record.detail}` };
    case 'evidence':
      return { label: 'evidence', text: `${Object.keys(record.evidence).join(', ')}: ${record.subject.slice(0, 21)}…` };
    case 'warned':
      return { label: 'early', text: `${record.detail}: ${record.evidence}` };
    case 'maintained':
      return { label: 'cleaned', text: `${record.choreId} on ${record.instanceId}: ${resultOf(record.visit)}` };
    case 'maintenance-ended':
      return { label: 'cleaned', text: `${record.choreId} ended, ${record.ended}: ${record.summary}` };
    case 'on-host':
      return { label: 'on host', text: `systemd restarted ${record.fingerprint.part}${record.again ? ', again' : ''}` };
    case 'requested':
      return { label: 'request', text: `${record.request} by ${record.requestedBy}: ${record.answer}` };
  }
}

/** What a repair changed, line by line: counts, the largest, each process. */
export function detailsOfRecord(record: AuditRecord): string[] {
  if (record.kind !== 'acted' || record.answer.kind !== 'reported') return [];
  const { changes = [], largest = [], left = [] } = record.answer.report;
  return [
    ...changes.map((change) =>
      Object.entries(change)
        .map(([key, value]) => (key === 'what' ? String(value) : `${key} ${String(value)}`))
        .join(', '),
    ),
    ...largest.slice(0, 3).map(({ path, bytes }) => `deleted ${path}, ${Math.round(bytes / 1048576)} MiB`),
    ...left.map(({ why, count }) => `left alone: ${count} ${why}`),
  ].slice(0, 8);
}

/** A contributor that went into ALARM, as one line. */
export function lineOfTransition(event: TransitionEvent): TimelineLine | undefined {
  if (event.kind !== 'event-bridge') return undefined;
  const detail = JSON.parse(JSON.stringify(event.event.detail));
  if (detail.alarmContributor === undefined || detail.state.value !== 'ALARM') return undefined;
  const who = Object.values(detail.alarmContributor.attributes).join(' ');
  return { label: 'alarm', text: `${detail.alarmName}, contributor ${who}: ${detail.state.reason}` };
}
