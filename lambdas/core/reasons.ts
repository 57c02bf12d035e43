/** The closed vocabulary that explains every decision; each word has one meaning and a heading in docs/reasons.md. */
export const REMEDIATE_REASONS = ['least-disruptive-untried'] as const;

export const HOLD_REASONS = [
  'paused',
  'observe-only',
  'not-opted-in',
  'opted-out',
  'warming-up',
  'not-ready',
  'in-progress',
  'dependency-down',
  'auto-recovery',
  'storm',
  'fleet-below-minimum',
  'cooling-down',
  'already-healthy',
  'facts-unavailable',
  'target-gone',
] as const;

export const ESCALATE_REASONS = [
  'ladder-exhausted',
  'no-remedy',
  'verification-unknown',
  'left-stopped',
  'stuck',
  'cannot-command',
] as const;

export const OUTCOMES = ['recovered', 'not-recovered', 'unknown', 'not-started'] as const;

export type RemediateReason = (typeof REMEDIATE_REASONS)[number];
export type HoldReason = (typeof HOLD_REASONS)[number];
export type EscalateReason = (typeof ESCALATE_REASONS)[number];
export type Reason = RemediateReason | HoldReason | EscalateReason;
export type Outcome = (typeof OUTCOMES)[number];
