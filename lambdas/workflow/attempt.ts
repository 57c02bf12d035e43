import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { slices } from '../../remedies/index.ts';
import { update } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { RunCommandAnswer } from '../core/contract.ts';
import { type Attempt, fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import type { Outcome } from '../core/reasons.ts';
import type { Remediation } from '../core/remediation.ts';
import { summarise, type Started, startedBy } from '../core/started.ts';
import { outcomeOf } from '../core/verdict.ts';
import { check, command } from './command.ts';
import type { Journal } from './journal.ts';

export interface Attempted {
  readonly outcome: Outcome;
  readonly evidence: string;
  /** The incident with this attempt counted. */
  readonly incident: Incident;
}

/** One remediation: act, verify now and after the soak, put back what was eased, count it. */
export async function attempt(
  ctx: DurableContext,
  journal: Journal,
  remediation: Remediation,
  incident: Incident,
  remedyId: string,
  turn: number,
  policy: Policy,
): Promise<Attempted> {
  const fingerprint = fingerprintFrom(incident);
  const startedAt = await ctx.step(`attempt ${turn}: start`, async () => iso(Date.now()));
  const answer = await command(ctx, remediation, incident, 'repair', remedyId, `attempt ${turn}`);
  const attemptId = `${remediation.incidentId}-${remediation.run}-attempt-${turn}`;
  await journal.record({ kind: 'acted', fingerprint, attemptId, remedyId, purpose: 'repair', answer });
  const started = startedBy(answer);
  const verified =
    started === 'started'
      ? await verify()
      : { outcome: OUTCOME_WITHOUT_EVIDENCE[started], evidence: summarise(answer) };
  if (started !== 'not-started') await undo(answer);
  const counted: Attempt = { attemptId, remedyId, startedAt, outcome: verified.outcome, summary: summarise(answer) };
  const attempts = [...incident.attempts, counted];
  await ctx.step(`attempt ${turn}: count`, () => update(incident, { attempts }));
  return { ...verified, incident: { ...incident, attempts } };

  async function verify(): Promise<{ outcome: Outcome; evidence: string }> {
    const now = await verifyOnce(0);
    if (now.outcome !== 'recovered') return now;
    const soakSeconds = policy.remedies[remedyId]?.soakSeconds ?? 0;
    await ctx.wait(`attempt ${turn}: soak`, { seconds: soakSeconds });
    const after = await verifyOnce(soakSeconds);
    return { outcome: after.outcome, evidence: `${now.evidence}; ${soakSeconds} s later ${after.evidence}` };
  }

  async function verifyOnce(soakedSeconds: number): Promise<{ outcome: Outcome; evidence: string }> {
    const reading = await check(ctx, remediation, incident, `attempt ${turn} after ${soakedSeconds} s`);
    const outcome = outcomeOf(reading);
    const { evidence } = reading;
    await journal.record({ kind: 'verified', fingerprint, attemptId, remedyId, outcome, evidence, soakedSeconds });
    return { outcome, evidence };
  }

  /** Eased processes get their priority back, whether that helped or not. */
  async function undo(answer: RunCommandAnswer): Promise<void> {
    const slice = slices.find(({ id }) => id === remedyId);
    if (slice === undefined || !('script' in slice.undo)) return;
    if (answer.kind === 'reported' && answer.report.result !== 'changed') return;
    const undone = await command(ctx, remediation, incident, 'undo', remedyId, `attempt ${turn} undo`);
    await journal.record({ kind: 'acted', fingerprint, attemptId, remedyId, purpose: 'undo', answer: undone });
  }
}

/** Without a report there is no recovery, whatever the check would say. */
const OUTCOME_WITHOUT_EVIDENCE: Record<Exclude<Started, 'started'>, Outcome> = {
  'not-started': 'not-started',
  unknown: 'unknown',
};
