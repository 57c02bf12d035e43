import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { isAct } from '../../remedies/slice.ts';
import { readReplaced } from '../aws/group-reader.ts';
import { update } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { ActAnswer } from '../core/contract.ts';
import { keepEvidence } from '../core/evidence.ts';
import { evidenceLines } from '../core/evidence-lines.ts';
import { type Attempt, fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import type { HoldReason, Outcome } from '../core/reasons.ts';
import type { Remediation } from '../core/remediation.ts';
import { type Started, startedBy, summarise } from '../core/started.ts';
import { outcomeOf } from '../core/verdict.ts';
import { change } from './change.ts';
import { check, command } from './command.ts';
import type { Journal } from './journal.ts';
import type { Seen } from './look.ts';
import { putBack } from './put-back.ts';

type Cited = Pick<Attempt, 'evidenceDigest' | 'undelivered'>;

export interface Attempted {
  readonly outcome: Outcome;
  readonly evidence: string;
  /** The incident with this attempt counted. */
  readonly incident: Incident;
  /** Why a guard refused in the step that would have acted. */
  readonly refusedBy?: HoldReason;
}

/** One remediation: record why and count it, act, verify now and after the soak, put back what was eased, note how it ended. */
export async function attempt(
  ctx: DurableContext,
  journal: Journal,
  remediation: Remediation,
  { incident, news }: Seen,
  remedyId: string,
  turn: number,
  policy: Policy,
): Promise<Attempted | 'superseded'> {
  const fingerprint = fingerprintFrom(incident);
  const attemptId = `${remediation.incidentId}-${remediation.run}-attempt-${turn}`;
  const counted = (startedAt: string, outcome: Outcome, summary: string, cited: Cited = {}): Attempt[] => [
    ...incident.attempts,
    { attemptId, remedyId, startedAt, outcome, summary, ...cited },
  ];
  // counted before the act: an execution that dies after it must not let the next run act as if nothing had been tried
  const startedAt = await journal.recordAlong(news, `attempt ${turn}: start`, async () => {
    const now = iso(Date.now());
    const ours = await update(incident, { attempts: counted(now, 'unknown', 'started; how it ended was never noted') });
    return ours ? now : undefined;
  });
  if (startedAt === undefined) return 'superseded';

  const slice = policy.slices.find(({ id }) => id === remedyId);
  const whole =
    slice !== undefined && isAct(slice)
      ? await change(ctx, incident, attemptId, remedyId, `attempt ${turn}`)
      : await command(ctx, remediation, incident, 'repair', remedyId, `attempt ${turn}`);
  const { answer, kept } = keepEvidence(whole);
  const cited = kept === undefined ? {} : { evidenceDigest: kept.digest };
  journal.lastEvidence = evidenceLines(whole);
  const acted = { kind: 'acted', fingerprint, attemptId, remedyId, purpose: 'repair', answer, ...cited } as const;
  await journal.recordWith(kept, acted);
  const started = startedBy(answer);
  const verified =
    started === 'started'
      ? await verify()
      : { outcome: OUTCOME_WITHOUT_EVIDENCE[started], evidence: summarise(answer) };
  const undone =
    started === 'not-started'
      ? ''
      : await putBack(ctx, journal, remediation, incident, { remedyId, attemptId, turn }, answer, policy);
  // a guard's refusal is no attempt: the next look holds by the same guard
  const attempts =
    answer.kind === 'refused'
      ? [...incident.attempts]
      : counted(startedAt, verified.outcome, `${summarise(answer)}${undone}`, { ...cited, ...undelivered(answer) });
  await ctx.step(`attempt ${turn}: count`, () => update(incident, { attempts }));
  const refused = answer.kind === 'refused' ? { refusedBy: answer.reason } : {};
  return { ...verified, ...refused, incident: { ...incident, attempts } };

  async function verify(): Promise<{ outcome: Outcome; evidence: string }> {
    const now = await verifyOnce(0);
    if (now.outcome !== 'recovered') return now;
    const soakSeconds = slice?.soakSeconds ?? 0;
    await ctx.wait(`attempt ${turn}: soak`, { seconds: soakSeconds });
    const after = await verifyOnce(soakSeconds);
    return { outcome: after.outcome, evidence: `${now.evidence}; ${soakSeconds} s later ${after.evidence}` };
  }

  async function verifyOnce(soakedSeconds: number): Promise<{ outcome: Outcome; evidence: string }> {
    const occasion = `attempt ${turn} after ${soakedSeconds} s`;
    const groupName = answer.kind === 'changed' ? answer.groupName : undefined;
    // an instance that was replaced has no check of its own any more
    const reading =
      groupName === undefined
        ? await check(ctx, remediation, incident, policy, occasion)
        : await ctx.step(`${occasion} check`, () => readReplaced(groupName, incident.target.id));
    const outcome = outcomeOf(reading);
    const { evidence } = reading;
    await journal.record({ kind: 'verified', fingerprint, attemptId, remedyId, outcome, evidence, soakedSeconds });
    return { outcome, evidence };
  }
}

function undelivered(answer: ActAnswer): Pick<Attempt, 'undelivered'> {
  return answer.kind === 'not-started' && answer.undelivered === true ? { undelivered: true } : {};
}

/** Without a report there is no recovery, whatever the check would say. */
const OUTCOME_WITHOUT_EVIDENCE: Record<Exclude<Started, 'started'>, Outcome> = {
  'not-started': 'not-started',
  unknown: 'unknown',
};
