import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { newestOfDisks } from '../aws/metric-reader.ts';
import { update } from '../aws/state/incidents.ts';
import { iso } from '../aws/state/table.ts';
import type { Decision } from '../core/decision.ts';
import type { Facts } from '../core/facts.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import type { Policy } from '../core/policy.ts';
import type { Journal } from './journal.ts';
import type { RunEnd } from './remediate.ts';

/** How long after handing over the sweep looks again whether the symptom is gone. */
const LOOK_AGAIN_SECONDS = 600;

/** Hands the incident to a person, once, with what was tried; from then on it is only looked at. */
export async function escalate(
  ctx: DurableContext,
  journal: Journal,
  incident: Incident,
  decision: Extract<Decision, { kind: 'escalate' }>,
  facts: Facts,
  turn: number,
  policy: Policy,
): Promise<RunEnd> {
  const { reason, detail } = decision;
  if (incident.state !== 'escalated') {
    const lastEvidence = reason === 'cannot-command' ? await disks(ctx, incident, policy, turn) : journal.lastEvidence;
    await journal.record({
      kind: 'escalated',
      fingerprint: fingerprintFrom(incident),
      reason,
      detail,
      evidence: facts.symptom.evidence,
      lastEvidence,
      attempts: incident.attempts,
    });
  }
  await ctx.step(`escalate ${turn}: state`, () =>
    update(incident, {
      state: 'escalated',
      working: false,
      lastReason: reason,
      dueAt: iso(Date.now() + LOOK_AGAIN_SECONDS * 1000),
    }),
  );
  return 'escalated';
}

/** The instance cannot be asked; what its disks were like stands in its metrics, and not knowing that is no reason not to tell. */
function disks(ctx: DurableContext, { target }: Incident, policy: Policy, turn: number): Promise<string[]> {
  return ctx.step(`escalate ${turn}: disks`, () =>
    newestOfDisks(policy, target.id, Date.now()).catch((error: unknown) => [
      `its disks' metrics could not be read: ${String(error)}`,
    ]),
  );
}
