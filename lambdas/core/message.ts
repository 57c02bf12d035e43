import type { AuditKind, AuditRecord } from './audit-record.ts';
import { assertNever } from './assert-never.ts';
import { evidenceLink, type TablePlace } from './evidence-link.ts';
import { type Attempt, describeFingerprint } from './incident.ts';
import { resultOf } from './maintenance/visit.ts';
import type { EscalateReason, HoldReason } from './reasons.ts';

/** `critical`: at once on every channel; `warning`: low priority; `recorded`: nobody is told. */
export type Severity = 'critical' | 'warning' | 'recorded';

/** What people read. */
export interface Message {
  readonly severity: 'critical' | 'warning';
  /** One line of fewer than 100 characters. */
  readonly subject: string;
  readonly text: string;
}

/** Holds that pass by themselves or end well: people need not know. */
const QUIET_HOLDS: readonly HoldReason[] = [
  'in-progress',
  'dependency-down',
  'auto-recovery',
  'cooling-down',
  'already-healthy',
  'warming-up',
  'target-gone',
];

/** What a record's subject is, where it is no incident. */
const SUBJECTS: Partial<Record<AuditKind, string>> = {
  requested: 'request',
  warned: 'warning',
  'on-host': 'service',
};

/** How loudly a record is told. */
export function severityOf(record: AuditRecord): Severity {
  switch (record.kind) {
    case 'escalated':
      return 'critical';
    case 'closed':
      return record.because === 'no-remedy' ? 'critical' : 'warning';
    case 'warned':
    case 'requested':
      return 'warning';
    case 'decided':
      return record.decision.kind === 'hold' && !QUIET_HOLDS.includes(record.decision.reason) ? 'warning' : 'recorded';
    case 'on-host':
      return record.again ? 'warning' : 'recorded';
    case 'opened':
    case 'acted':
    case 'verified':
    case 'evidence':
    case 'maintained':
    case 'maintenance-ended':
      return 'recorded';
    default:
      return assertNever(record);
  }
}

/** The message that tells people of a record, with links into the table that holds it; `undefined` where it is only recorded. */
export function messageOf(record: AuditRecord, place?: TablePlace): Message | undefined {
  const severity = severityOf(record);
  if (severity === 'recorded') return undefined;
  const { headline, lines } = wordsOf(record, place);
  const text = [
    headline,
    '',
    ...lines,
    line('stack', record.stack),
    line(SUBJECTS[record.kind] ?? 'incident', `${record.subject}, record ${record.order}`),
  ];
  return { severity, subject: subjectLine(record.stack, headline), text: `${text.map(printable).join('\n')}\n` };
}

/** The message about a record that somebody changed or removed: the table is write-once. */
export function tamperMessage(stack: string, change: string, key: string): Message {
  const headline = `audit record ${change}: ${key}`;
  const lines = [
    headline,
    '',
    line('what', 'the audit table is write-once, nothing of this stack changes it'),
    line('next', 'look up who did, in CloudTrail'),
  ];
  return { severity: 'critical', subject: subjectLine(stack, headline), text: `${lines.map(printable).join('\n')}\n` };
}

function wordsOf(record: AuditRecord, place: TablePlace | undefined): { headline: string; lines: string[] } {
  switch (record.kind) {
    case 'closed':
      return {
        headline: `${record.because}: ${describeFingerprint(record.fingerprint)}`,
        lines: [
          line('evidence', record.evidence),
          ...(record.because === 'no-remedy'
            ? [
                line(
                  'next',
                  'look at it by hand: this deployment has no remedy for the symptom, and watches it no more',
                ),
              ]
            : []),
          line('open for', duration(record.openSeconds)),
          ...triedLines(record.attempts, place),
        ],
      };
    case 'escalated':
      return {
        headline: `needs a person: ${describeFingerprint(record.fingerprint)}`,
        lines: [
          line('why', `${record.reason}: ${record.detail}`),
          line('now', record.evidence),
          ...triedLines(record.attempts, place),
          ...record.lastEvidence.map((seen) => line('seen', seen)),
          line('next', nextStep(record.reason)),
        ],
      };
    case 'decided':
      return {
        headline: `${record.decision.kind}, ${record.decision.reason}: ${describeFingerprint(record.fingerprint)}`,
        lines: [line('why', record.decision.detail), line('now', record.facts.symptom.evidence)],
      };
    case 'warned':
      return {
        headline: `early warning: ${describeFingerprint(record.fingerprint)}`,
        lines: [
          line('why', record.detail),
          line('now', record.evidence),
          line('next', 'nothing is done yet; of the same there is one such message a day, at most'),
        ],
      };
    case 'requested':
      return {
        headline: `request ${record.request} by ${record.requestedBy}`,
        lines: [line('because', record.because), line('answer', record.answer)],
      };
    case 'evidence':
      return { headline: 'evidence', lines: [] };
    case 'on-host':
      return {
        headline: `restarted by systemd${record.again ? ' again and again' : ''}: ${record.fingerprint.part} on ${record.fingerprint.target.id}`,
        lines: [
          line('why', record.again ? 'in three minutes or more of the last hour' : 'it failed'),
          line('next', `find out why it fails: journalctl -u ${record.fingerprint.part}`),
        ],
      };
    case 'opened':
    case 'acted':
    case 'verified':
      return { headline: `${record.kind}: ${describeFingerprint(record.fingerprint)}`, lines: [] };
    case 'maintained':
      return { headline: `${record.choreId} on ${record.instanceId}: ${resultOf(record.visit)}`, lines: [] };
    case 'maintenance-ended':
      return { headline: `${record.choreId} ended, ${record.ended}: ${record.summary}`, lines: [] };
    default:
      return assertNever(record);
  }
}

function nextStep(reason: EscalateReason): string {
  const then = 'the incident closes by itself once its check says healthy, or send the request "heal" to try again';
  return reason === 'cannot-command'
    ? `where a disk is full, without its agent: make its root volume larger and reboot it; docs/troubleshooting.md has the commands; ${then}`
    : `mend it by hand; ${then}`;
}

function triedLines(attempts: readonly Attempt[], place: TablePlace | undefined): string[] {
  if (attempts.length === 0) return [line('tried', 'nothing')];
  return attempts.flatMap(({ remedyId, outcome, summary, evidenceDigest }) => [
    line('tried', `${remedyId}: ${summary} (${outcome})`),
    ...(evidenceDigest === undefined ? [] : [line('see', evidenceLink(evidenceDigest, place))]),
  ]);
}

const line = (label: string, text: string): string => `${label.padEnd(9)} ${text}`;

function subjectLine(stack: string, headline: string): string {
  const whole = printable(`[${stack}] ${headline}`);
  return whole.length < 100 ? whole : `${whole.slice(0, 98)}…`;
}

/** Control and formatting characters would let a file name rewrite the reader's screen. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cn}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

/** `95 s`, `3 min 10 s`: a length of time for people. */
export function duration(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
