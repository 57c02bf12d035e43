import type { AuditEntry, AuditRecord } from '../../../lambdas/core/audit-record.ts';
import type { Decision } from '../../../lambdas/core/decision.ts';
import { duration, messageOf, severityOf, tamperMessage } from '../../../lambdas/core/message.ts';
import { tally } from '../../../lambdas/core/maintenance/tally.ts';
import { HOLD_REASONS } from '../../../lambdas/core/reasons.ts';
import { attempt, facts, fingerprint } from './samples.ts';

const place = {
  subject: '0123456789abcdef-89abcdef',
  order: '000001#0001#x',
  at: '2026-11-23T10:00:00.000Z',
  stack: 'fleet',
};
const record = (entry: AuditEntry): AuditRecord => ({ ...entry, ...place });
const decided = (decision: Decision) => record({ kind: 'decided', fingerprint, decision, facts, policyDigest: 'd1' });
const acted = { fingerprint, attemptId: 'a-1', remedyId: 'disk-full' };
const closed = record({
  kind: 'closed',
  fingerprint,
  because: 'recovered',
  evidence: '/ 15.0 % used',
  openedAt: '2026-11-23T09:50:00.000Z',
  openSeconds: 600,
  attempts: [{ ...attempt, outcome: 'recovered', summary: 'freed 239 MiB' }],
});
const orphaned = record({
  kind: 'closed',
  fingerprint,
  because: 'no-remedy',
  evidence: 'no slice detects disk-full',
  openedAt: '2026-11-23T09:50:00.000Z',
  openSeconds: 600,
  attempts: [],
});
const escalated = record({
  kind: 'escalated',
  fingerprint,
  reason: 'ladder-exhausted',
  detail: 'tried disk-full (not-recovered); no remedy is left',
  evidence: '/ 96.0 % used',
  lastEvidence: ['top: pid 41, comm busy'],
  attempts: [attempt],
});
const requested = record({
  kind: 'requested',
  request: 'pause',
  requestedBy: 'ana',
  because: 'release',
  answer: 'thrown',
});

const onHost = (again: boolean) =>
  record({
    kind: 'on-host',
    fingerprint: { ...fingerprint, part: 'orders.service', symptom: 'restarted-on-host' },
    again,
    openedBy: 'fleet-restarted-on-host',
    stateChangedAt: '2026-11-23T09:59:00.000Z',
  });

test('a service that systemd restarts again and again is told with where to look', () => {
  const { subject = '', text = '' } = messageOf(onHost(true)) ?? {};
  expect(subject).toMatch(/restarted by systemd again and again: orders\.service on i-0123456789abcdef0$/);
  expect(text).toContain('\nwhy       in three minutes or more of the last hour\n');
  expect(text).toContain('\nnext      find out why it fails: journalctl -u orders.service\n');
});

describe('how loudly a record is told', () => {
  test.each<[string, AuditRecord, string]>([
    ['handed to a person', escalated, 'critical'],
    ['restarted by systemd', onHost(false), 'recorded'],
    ['restarted by systemd again and again', onHost(true), 'warning'],
    ['closed', closed, 'warning'],
    ['closed since a deployment took its remedy away', orphaned, 'critical'],
    ['asked by a person', requested, 'warning'],
    ['opened', record({ kind: 'opened', fingerprint, openedBy: 'fleet-disk-full', stateChangedAt: '' }), 'recorded'],
    [
      'acted',
      record({ kind: 'acted', ...acted, purpose: 'repair', answer: { kind: 'unknown', detail: 'x' } }),
      'recorded',
    ],
    [
      'verified',
      record({ kind: 'verified', ...acted, outcome: 'unknown', evidence: '', soakedSeconds: 0 }),
      'recorded',
    ],
    [
      'decided to remediate',
      decided({ kind: 'remediate', reason: 'least-disruptive-untried', remedyId: 'disk-full', detail: '' }),
      'recorded',
    ],
    [
      'maintained',
      record({
        kind: 'maintained',
        choreId: 'clean-caches',
        instanceId: 'i-1',
        visit: { kind: 'visited', purpose: 'clean', answer: { kind: 'unknown', detail: 'cut' } },
      }),
      'recorded',
    ],
    [
      'a run of maintenance that ended badly',
      record({
        kind: 'maintenance-ended',
        choreId: 'clean-caches',
        startedBy: 'schedule',
        ended: 'too-many-errors',
        summary: '',
        ...tally([], 9),
        policyDigest: 'd1',
      }),
      'recorded',
    ],
    ['decided to escalate', decided({ kind: 'escalate', reason: 'stuck', detail: '' }), 'recorded'],
  ])('%s', (_, told, severity) => {
    expect(severityOf(told)).toBe(severity);
  });

  test('a hold is told where only a person can end it', () => {
    const told = HOLD_REASONS.map((reason) => [reason, severityOf(decided({ kind: 'hold', reason, detail: '' }))]);
    expect(Object.fromEntries(told)).toEqual({
      paused: 'warning',
      'observe-only': 'warning',
      'not-opted-in': 'warning',
      'opted-out': 'warning',
      'not-ready': 'warning',
      'facts-unavailable': 'warning',
      'warming-up': 'recorded',
      'in-progress': 'recorded',
      'dependency-down': 'recorded',
      'auto-recovery': 'recorded',
      storm: 'warning',
      'fleet-below-minimum': 'warning',
      'cooling-down': 'recorded',
      'already-healthy': 'recorded',
      'target-gone': 'recorded',
    });
  });
});

describe('what people read', () => {
  test('of a symptom that comes near', () => {
    const warned = record({ kind: 'warned', fingerprint, detail: 'it reached 80', evidence: 'it was 83.2' });
    expect(messageOf({ ...warned, subject: 'early-df3f1abf8b613253', order: '2026-11-23#warned' })).toEqual({
      severity: 'warning',
      subject: '[fleet] early warning: disk-full on i-0123456789abcdef0 /',
      text: `early warning: disk-full on i-0123456789abcdef0 /

why       it reached 80
now       it was 83.2
next      nothing is done yet; of the same there is one such message a day, at most
stack     fleet
warning   early-df3f1abf8b613253, record 2026-11-23#warned
`,
    });
  });

  test('of an incident that closed', () => {
    expect(messageOf(closed)).toEqual({
      severity: 'warning',
      subject: '[fleet] recovered: disk-full on i-0123456789abcdef0 /',
      text: `recovered: disk-full on i-0123456789abcdef0 /

evidence  / 15.0 % used
open for  10 min 0 s
tried     disk-full: freed 239 MiB (recovered)
stack     fleet
incident  0123456789abcdef-89abcdef, record 000001#0001#x
`,
    });
  });

  test('of an instance that cannot take commands: what can be done without its agent', () => {
    const detail = 'the instance cannot take commands: SSM says ConnectionLost';
    const lastEvidence = ['disk_used_percent of / was 100 at 2026-11-23T09:58:00.000Z'];
    const told = { ...escalated, reason: 'cannot-command', detail, lastEvidence, attempts: [] } as const;
    expect(messageOf(told as AuditRecord)?.text.split('\n')).toEqual(
      expect.arrayContaining([
        'why       cannot-command: the instance cannot take commands: SSM says ConnectionLost',
        'seen      disk_used_percent of / was 100 at 2026-11-23T09:58:00.000Z',
        'next      where a disk is full, without its agent: make its root volume larger and reboot it; docs/troubleshooting.md has the commands; the incident closes by itself once its check says healthy, or send the request "heal" to try again',
      ]),
    );
  });

  test('of an incident that needs a person', () => {
    expect(messageOf(escalated)).toEqual({
      severity: 'critical',
      subject: '[fleet] needs a person: disk-full on i-0123456789abcdef0 /',
      text: `needs a person: disk-full on i-0123456789abcdef0 /

why       ladder-exhausted: tried disk-full (not-recovered); no remedy is left
now       / 96.0 % used
tried     disk-full: nothing was old enough (not-recovered)
seen      top: pid 41, comm busy
next      mend it by hand; the incident closes by itself once its check says healthy, or send the request "heal" to try again
stack     fleet
incident  0123456789abcdef-89abcdef, record 000001#0001#x
`,
    });
  });

  test('of a hold', () => {
    expect(messageOf(decided({ kind: 'hold', reason: 'paused', detail: 'paused by ana: release' }))).toEqual({
      severity: 'warning',
      subject: '[fleet] hold, paused: disk-full on i-0123456789abcdef0 /',
      text: `hold, paused: disk-full on i-0123456789abcdef0 /

why       paused by ana: release
now       / 96.0 % used
stack     fleet
incident  0123456789abcdef-89abcdef, record 000001#0001#x
`,
    });
  });

  test('of a request', () => {
    expect(messageOf(requested)?.text).toBe(`request pause by ana

because   release
answer    thrown
stack     fleet
request   0123456789abcdef-89abcdef, record 000001#0001#x
`);
  });

  test('of a record that somebody changed', () => {
    expect(tamperMessage('fleet', 'removed', 's#o')).toEqual({
      severity: 'critical',
      subject: '[fleet] audit record removed: s#o',
      text: `audit record removed: s#o

what      the audit table is write-once, nothing of this stack changes it
next      look up who did, in CloudTrail
`,
    });
  });

  test('nothing of what is only recorded', () => {
    expect(messageOf(decided({ kind: 'hold', reason: 'cooling-down', detail: '' }))).toBeUndefined();
  });
});

test.each([
  [0, '0 s'],
  [119.4, '119 s'],
  [120, '2 min 0 s'],
  [190, '3 min 10 s'],
  [7265, '121 min 5 s'],
])('%d seconds are shown as %s', (seconds, shown) => {
  expect(duration(seconds)).toBe(shown);
});

test('an incident whose remedy a deployment took away is closed loudly: nobody would look at it again', () => {
  expect(messageOf(orphaned)?.text.split('\n').slice(0, 4)).toEqual([
    'no-remedy: disk-full on i-0123456789abcdef0 /',
    '',
    'evidence  no slice detects disk-full',
    'next      look at it by hand: this deployment has no remedy for the symptom, and watches it no more',
  ]);
});
