import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { assertNever } from '../core/assert-never.ts';
import type { Policy } from '../core/policy.ts';
import type { Remediation } from '../core/remediation.ts';
import { MOST_LOOKS } from '../core/time-budget.ts';
import { attempt } from './attempt.ts';
import { close } from './close.ts';
import { escalate } from './escalate.ts';
import { holdOn, leaveToSweep } from './hold-on.ts';
import { Journal } from './journal.ts';
import { look } from './look.ts';

/** How an execution ended. */
export type RunEnd = 'closed' | 'escalated' | 'left-to-the-sweep' | 'superseded';

/**
 * The flow, told once: look and decide; hold, escalate or attempt; verify; close.
 * After every wait everything is read anew.
 */
export async function remediate(ctx: DurableContext, remediation: Remediation, policy: Policy): Promise<RunEnd> {
  const journal = new Journal(ctx, policy, remediation);
  for (let turn = 1; turn <= MOST_LOOKS; turn++) {
    const seen = await look(ctx, remediation, turn, policy);
    if (seen === 'superseded') return seen;
    const acts = seen.decision.kind === 'remediate' && seen.end === undefined;
    if (seen.news !== undefined && !acts) await journal.record(seen.news);
    if (seen.end !== undefined) return close(ctx, journal, seen.incident, seen.end, seen.facts.symptom.evidence, turn);
    const { decision, incident, facts } = seen;
    switch (decision.kind) {
      case 'hold':
        if (!(await holdOn(ctx, incident, decision, turn, policy))) return 'left-to-the-sweep';
        break;
      case 'escalate':
        return escalate(ctx, journal, incident, decision, facts, turn, policy);
      case 'remediate': {
        const result = await attempt(ctx, journal, remediation, seen, decision.remedyId, turn, policy);
        if (result === 'superseded') return result;
        if (result.outcome === 'recovered')
          return close(ctx, journal, result.incident, 'recovered', result.evidence, turn);
        if (result.refusedBy === 'observe-only') {
          // a deployment newer than this execution forbids the act; its own policy would let it try for ever
          await leaveToSweep(ctx, result.incident, turn);
          return 'left-to-the-sweep';
        }
        break;
      }
      default:
        return assertNever(decision);
    }
  }
  return 'left-to-the-sweep';
}
