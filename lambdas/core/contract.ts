import type { ChorePurpose, Purpose } from './purpose.ts';
import type { Evidence } from './evidence.ts';
import type { Fingerprint, Target } from './incident.ts';
import type { RepairReport } from './repair-report.ts';
import type { SymptomReading } from './facts.ts';
import type { HoldReason } from './reasons.ts';

/** Version of what the acting functions are asked; an unknown one is refused. */
export const CONTRACT = 1;

interface CommandRequest {
  readonly contract: typeof CONTRACT;
  /** Names this one command for ever: the same id is never sent twice. */
  readonly attemptId: string;
  /** The attempt that holds the claim: an undo acts under its repair's. */
  readonly claimOwner: string;
}

/** What `remediate-incident` asks of `run-command`. */
export interface RemedyRequest extends CommandRequest {
  readonly incidentId: string;
  readonly purpose: Purpose;
  readonly remedyId: string;
  readonly fingerprint: Fingerprint;
}

/** What `maintain-fleet` asks of `run-command`. */
export interface ChoreRequest extends CommandRequest {
  readonly purpose: ChorePurpose;
  readonly choreId: string;
  readonly target: Target;
}

export type RunCommandRequest = RemedyRequest | ChoreRequest;

/** The instance that a request is about. */
export function targetOf(request: RunCommandRequest): Target {
  return 'choreId' in request ? request.target : request.fingerprint.target;
}

/** Whether what is asked for only looks: it needs no claim, no kill switch and no mode. */
export function onlyLooks({ purpose }: Pick<RunCommandRequest, 'purpose'>): boolean {
  return purpose === 'check' || purpose === 'preview';
}

/** What `remediate-incident` asks of `change-instance`. */
export interface ChangeInstanceRequest {
  readonly contract: typeof CONTRACT;
  readonly incidentId: string;
  /** Names this one act for ever, and holds its claims: the same id never acts twice. */
  readonly attemptId: string;
  readonly remedyId: string;
  readonly fingerprint: Fingerprint;
}

/** What `change-instance` answers. */
export type ChangeInstanceAnswer =
  | Extract<RunCommandAnswer, { kind: 'refused' | 'not-started' | 'unknown' }>
  /** It was called, and the instance settled or had its time to; whether that helped, the check says. */
  | { readonly kind: 'changed'; readonly summary: string; readonly groupName?: string };

/** What either acting function answers. */
export type ActAnswer = RunCommandAnswer | ChangeInstanceAnswer;

/** What `run-command` answers. */
export type RunCommandAnswer =
  /** A guard refused in the step that would have sent. */
  | { readonly kind: 'refused'; readonly reason: HoldReason; readonly detail: string }
  /** Nothing was sent, or what was sent did nothing; `undelivered`: since the instance cannot take commands. */
  | { readonly kind: 'not-started'; readonly detail: string; readonly undelivered?: boolean }
  | { readonly kind: 'checked'; readonly reading: SymptomReading; readonly commandId: string }
  | { readonly kind: 'reported'; readonly report: RepairReport; readonly commandId: string }
  /** It may have run: what it did is not known. */
  | {
      readonly kind: 'unknown';
      readonly detail: string;
      readonly commandId?: string;
      /** What it saw right before it acted, as far as it came to tell. */
      readonly evidence?: Evidence;
    };
