import type { Facts } from '../facts.ts';
import type { Policy } from '../policy.ts';
import type { HoldReason } from '../reasons.ts';

export interface GuardContext {
  readonly facts: Facts;
  readonly policy: Policy;
  /** The remedies that treat the symptom. */
  readonly remedyIds: readonly string[];
  /** The remedy that the ladder would pick; absent: none is left, and a person would be told. */
  readonly nextRemedyId?: string;
  readonly nowEpochSeconds: number;
}

export type GuardAnswer =
  | { readonly allow: true }
  | {
      readonly allow: false;
      readonly reason: HoldReason;
      /** For people: what was found, and what would mend it. */
      readonly detail: string;
      readonly lookAgainAfterSeconds?: number;
    };

/** One rule that may refuse a remediation; one that cannot decide refuses. */
export type Guard = (context: GuardContext) => GuardAnswer;

export const ALLOW: GuardAnswer = { allow: true };

/** The refusal of a guard that could not read what it needs. */
export function unavailable(what: string, problem: string): GuardAnswer {
  return {
    allow: false,
    reason: 'facts-unavailable',
    detail: `${what} could not be read: ${problem}`,
    lookAgainAfterSeconds: 60,
  };
}
