import { isAct, type Remedy } from '../../remedies/slice.ts';
import { cannotCommand, describeSilence } from './cannot-command.ts';
import type { Decision } from './decision.ts';
import type { Facts } from './facts.ts';
import { GUARDS } from './guards/index.ts';
import { ladderOf } from './ladder.ts';
import { leftStopped } from './left-stopped.ts';
import type { Policy } from './policy.ts';
import { unfitAct } from './unfit-act.ts';

/** Attempts that may end without having started, before a person is told. */
const MOST_NOT_STARTED = 3;

/** Guards in their order, the first refusal wins; then the least disruptive remedy that was not yet tried. */
export function decide(facts: Facts, policy: Policy, nowEpochSeconds: number): Decision {
  const ladder = ladderOf(facts.fingerprint.symptom, policy.slices);
  const remedyIds = ladder.map(({ id }) => id);
  const stopped = leftStopped(facts, policy);
  if (stopped !== undefined) return stopped;
  const rung = nextRung(facts, policy, ladder);
  const next = rung.kind === 'remediate' ? { nextRemedyId: rung.remedyId } : {};
  for (const [, guard] of GUARDS) {
    const answer = guard({ facts, policy, remedyIds, ...next, nowEpochSeconds });
    if (!answer.allow) {
      const { reason, detail, lookAgainAfterSeconds } = answer;
      const silence =
        reason === 'not-ready' && facts.whole === undefined ? cannotCommand(facts, nowEpochSeconds) : undefined;
      if (silence !== undefined) return { kind: 'escalate', reason: 'cannot-command', detail: silence };
      return {
        kind: 'hold',
        reason,
        detail,
        ...(lookAgainAfterSeconds === undefined ? {} : { lookAgainAfterSeconds }),
      };
    }
  }
  return rung;
}

function nextRung({ fingerprint, attempts, whole }: Facts, policy: Policy, ladder: readonly Remedy[]): Decision {
  if (ladder.length === 0) {
    return { kind: 'escalate', reason: 'no-remedy', detail: `no remedy treats ${fingerprint.symptom}` };
  }
  const notStarted = attempts.filter(({ outcome }) => outcome === 'not-started');
  if (notStarted.length >= MOST_NOT_STARTED) {
    const last = notStarted.at(-1);
    return last?.undelivered === true
      ? { kind: 'escalate', reason: 'cannot-command', detail: describeSilence(last.summary) }
      : { kind: 'escalate', reason: 'stuck', detail: `${notStarted.length} attempts could not start` };
  }
  const started = attempts.filter(({ outcome }) => outcome !== 'not-started');
  const unfit = (slice: Remedy): string | undefined =>
    isAct(slice) && whole?.read === true ? unfitAct(slice.act, whole.value) : undefined;
  const untried = ladder.filter(
    ({ id, maximumAttempts }) =>
      policy.remedies[id]?.mode === 'act' && started.filter(({ remedyId }) => remedyId === id).length < maximumAttempts,
  );
  const next = untried.find((slice) => unfit(slice) === undefined);
  if (next !== undefined) {
    return { kind: 'remediate', reason: 'least-disruptive-untried', remedyId: next.id, detail: next.title };
  }
  const last = started.at(-1);
  if (last?.outcome === 'unknown') {
    return { kind: 'escalate', reason: 'verification-unknown', detail: `after ${last.remedyId}: ${last.summary}` };
  }
  return {
    kind: 'escalate',
    reason: 'ladder-exhausted',
    detail: [
      `tried ${started.map(({ remedyId, outcome }) => `${remedyId} (${outcome})`).join(', ') || 'nothing'}`,
      ...untried.map((slice) => `${slice.id} does not fit: ${unfit(slice)}`),
      'no remedy is left',
    ].join('; '),
  };
}
