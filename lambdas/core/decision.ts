import type { EscalateReason, HoldReason, RemediateReason } from './reasons.ts';

/** Outcome of guards and ladder. */
export type Decision =
  | { readonly kind: 'remediate'; readonly reason: RemediateReason; readonly remedyId: string; readonly detail: string }
  | {
      readonly kind: 'hold';
      readonly reason: HoldReason;
      readonly detail: string;
      /** When to look again; absent: when something changes that only a person or the sweep will notice. */
      readonly lookAgainAfterSeconds?: number;
    }
  | { readonly kind: 'escalate'; readonly reason: EscalateReason; readonly detail: string };

export type Hold = Extract<Decision, { kind: 'hold' }>;
