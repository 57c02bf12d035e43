import type { DurableContext } from '@aws/durable-execution-sdk-js';
import type { ActAnswer } from '../core/contract.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import type { Remediation } from '../core/remediation.ts';
import { startedBy, summarise } from '../core/started.ts';
import { UNDO_TRIES, UNDO_WAIT_SECONDS } from '../core/time-budget.ts';
import { command } from './command.ts';
import type { Journal } from './journal.ts';

/**
 * Puts back what a repair eased, whether that helped or not. Answers with what to add to the attempt's summary: nothing
 * where there was nothing to put back or it was put back, else that it was not, so that a person is told.
 */
export async function putBack(
  ctx: DurableContext,
  journal: Journal,
  remediation: Remediation,
  incident: Incident,
  { remedyId, attemptId, turn }: { readonly remedyId: string; readonly attemptId: string; readonly turn: number },
  repaired: ActAnswer,
  policy: Policy,
): Promise<string> {
  const slice = policy.slices.find(({ id }) => id === remedyId);
  if (slice === undefined || !('script' in slice.undo)) return '';
  if (repaired.kind === 'reported' && repaired.report.result !== 'changed') return '';
  let problem = '';
  for (let tried = 1; tried <= UNDO_TRIES; tried++) {
    if (tried > 1) await ctx.wait(`attempt ${turn} undo ${tried}: wait`, { seconds: UNDO_WAIT_SECONDS });
    const answer = await command(
      ctx,
      remediation,
      incident,
      'undo',
      remedyId,
      `attempt ${turn} undo ${tried}`,
      attemptId,
    );
    const fingerprint = fingerprintFrom(incident);
    await journal.record({ kind: 'acted', fingerprint, attemptId, remedyId, purpose: 'undo', answer });
    if (startedBy(answer) === 'started') return '';
    problem = summarise(answer);
  }
  return `; NOT put back: ${problem}`;
}
