import type { ActAnswer } from './contract.ts';
import type { Purpose } from './purpose.ts';
import type { Decision } from './decision.ts';
import type { Evidence } from './evidence.ts';
import type { Facts } from './facts.ts';
import type { Attempt, Fingerprint } from './incident.ts';
import type { MaintenanceRun } from './maintenance/run.ts';
import type { RunEnd, Tally } from './maintenance/tally.ts';
import type { Visit } from './maintenance/visit.ts';
import type { Outcome } from './reasons.ts';

/** `recovered` by a remedy, `already-healthy` without one, or over since its target or every remedy of its symptom is gone. */
export type Closing = 'recovered' | 'already-healthy' | 'target-gone' | 'no-remedy';

/** What happened, decided or was asked. */
export type AuditEntry =
  | {
      readonly kind: 'opened';
      readonly fingerprint: Fingerprint;
      readonly openedBy: string;
      readonly stateChangedAt: string;
    }
  | {
      readonly kind: 'decided';
      readonly fingerprint: Fingerprint;
      readonly decision: Decision;
      /** All that the decision rested on, so that it can be replayed. */
      readonly facts: Facts;
      readonly policyDigest: string;
    }
  | {
      readonly kind: 'acted';
      readonly fingerprint: Fingerprint;
      readonly attemptId: string;
      readonly remedyId: string;
      readonly purpose: Purpose;
      /** Without its evidence, which is kept by its digest. */
      readonly answer: ActAnswer;
      readonly evidenceDigest?: string;
    }
  | {
      /** What a script saw before it acted and after; its subject is its digest, so that it is kept once and cannot be exchanged. */
      readonly kind: 'evidence';
      readonly evidence: Evidence;
    }
  | {
      readonly kind: 'verified';
      readonly fingerprint: Fingerprint;
      readonly attemptId: string;
      readonly remedyId: string;
      readonly outcome: Outcome;
      readonly evidence: string;
      /** Seconds that the symptom had to stay away before this reading; 0 right after the act. */
      readonly soakedSeconds: number;
    }
  | {
      readonly kind: 'closed';
      readonly fingerprint: Fingerprint;
      readonly because: Closing;
      readonly evidence: string;
      readonly openedAt: string;
      readonly openSeconds: number;
      readonly attempts: readonly Attempt[];
    }
  | {
      readonly kind: 'escalated';
      readonly fingerprint: Fingerprint;
      readonly reason: Extract<Decision, { kind: 'escalate' }>['reason'];
      readonly detail: string;
      readonly evidence: string;
      /** What the last repair saw, such as the processes that use most. */
      readonly lastEvidence: readonly string[];
      readonly attempts: readonly Attempt[];
    }
  | {
      readonly kind: 'maintained';
      readonly choreId: string;
      readonly instanceId: string;
      readonly visit: Visit;
    }
  | (Tally & {
      readonly kind: 'maintenance-ended';
      readonly choreId: string;
      readonly startedBy: MaintenanceRun['startedBy'];
      readonly ended: RunEnd;
      readonly summary: string;
      readonly policyDigest: string;
    })
  | {
      /** A symptom comes near: no incident, and nothing is done. */
      readonly kind: 'warned';
      readonly fingerprint: Fingerprint;
      readonly detail: string;
      readonly evidence: string;
    }
  | {
      /** What systemd did on an instance by itself: it restarted the service that is the fingerprint's part. */
      readonly kind: 'on-host';
      readonly fingerprint: Fingerprint;
      /** Whether the service needs that often. */
      readonly again: boolean;
      readonly openedBy: string;
      readonly stateChangedAt: string;
    }
  | {
      readonly kind: 'requested';
      readonly request: string;
      readonly requestedBy: string;
      readonly because: string;
      readonly answer: string;
    };

export type AuditKind = AuditEntry['kind'];

/** One write-once item of the audit table. */
export type AuditRecord = AuditEntry & {
  /** The incident's, request's or maintenance run's id: the table's partition key. */
  readonly subject: string;
  /** Order within the subject, fixed by where in the flow it was written: the table's sort key. */
  readonly order: string;
  /** ISO 8601. */
  readonly at: string;
  readonly stack: string;
};

/** Sort key of a record: the execution's run, then its place within it. */
export function orderOf(run: number, place: number, kind: AuditKind): string {
  return `${String(run).padStart(6, '0')}#${String(place).padStart(4, '0')}#${kind}`;
}
