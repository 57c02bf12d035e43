import { createHash } from 'node:crypto';
import type { Outcome } from './reasons.ts';

/** What is sick and acted on. */
export interface Target {
  readonly kind: 'instance';
  readonly id: string;
}

/** What makes repeated events one incident. */
export interface Fingerprint {
  readonly target: Target;
  /** The part of the target, such as a mount path; empty where the target is its own part. */
  readonly part: string;
  readonly symptom: string;
}

/** One execution of a remedy, counted. */
export interface Attempt {
  readonly attemptId: string;
  readonly remedyId: string;
  readonly startedAt: string;
  readonly outcome: Outcome;
  /** One sentence of what it did, for people. */
  readonly summary: string;
  /** Under which the audit table keeps what it saw. */
  readonly evidenceDigest?: string;
  /** The instance did not take its command. */
  readonly undelivered?: boolean;
}

/** `open`: being worked on; `escalated`: handed to a person, only looked at; `closed`: over. */
export type IncidentState = 'open' | 'escalated' | 'closed';

/** One period during which one target shows one symptom. */
export interface Incident extends Fingerprint {
  readonly incidentId: string;
  readonly state: IncidentState;
  /** Raised for each further execution that works on this incident. */
  readonly run: number;
  readonly openedAt: string;
  /** The alarm's name, or who asked. */
  readonly openedBy: string;
  /** When the alarm's newest event that joined says its state changed; repeats are not newer. */
  readonly stateChangedAt: string;
  readonly attempts: readonly Attempt[];
  /** Reason of the newest hold or escalation, so that a repeat of it is not told again. */
  readonly lastReason?: string;
  /** An execution is at work; still so when it is due again, it died. */
  readonly working?: boolean;
  /** Executions that died one after the other. */
  readonly deadRuns?: number;
  /** When the sweep shall look again; of a closed one, when it closed. */
  readonly dueAt: string;
}

/** Stable key of a fingerprint: 16 hexadecimal digits. */
export function fingerprintKey({ target, part, symptom }: Fingerprint): string {
  return createHash('sha256')
    .update(JSON.stringify([target.kind, target.id, part, symptom]))
    .digest('hex')
    .slice(0, 16);
}

/** An incident's id: the fingerprint's key, so that the id alone finds the incident, and a freshly minted part. */
export function mintIncidentId(fingerprint: Fingerprint, mint: string): string {
  return `${fingerprintKey(fingerprint)}-${mint}`;
}

/** The fingerprint's key within an incident's id. */
export function keyOfIncidentId(incidentId: string): string {
  return incidentId.slice(0, 16);
}

/** `disk-full on i-1 /data`: how messages and logs name what is wrong. */
export function describeFingerprint({ target, part, symptom }: Fingerprint): string {
  return `${symptom} on ${target.id}${part === '' ? '' : ` ${part}`}`;
}

/** The fingerprint that an incident carries. */
export function fingerprintFrom({ target, part, symptom }: Incident): Fingerprint {
  return { target, part, symptom };
}

/** An alarm may lag behind a recovery this long before it is about something new. */
const ALARM_LAG_SECONDS = 600;

/** Whether an incident is open, or closed so lately that an alarm may still be about it. */
export function isCovered(incident: Incident | undefined, nowMillis: number): boolean {
  if (incident === undefined) return false;
  return incident.state !== 'closed' || Date.parse(incident.dueAt) > nowMillis - ALARM_LAG_SECONDS * 1000;
}
