import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { isAct } from '../../remedies/slice.ts';
import { askRunCommand } from '../aws/ask-run-command.ts';
import { readSymptom } from '../aws/status-reader.ts';
import { CONTRACT, type RemedyRequest, type RunCommandAnswer } from '../core/contract.ts';
import type { Purpose } from '../core/purpose.ts';
import type { SymptomReading } from '../core/facts.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import { detectingSlice } from '../core/ladder.ts';
import type { Policy } from '../core/policy.ts';
import type { Remediation } from '../core/remediation.ts';

/** Has one of a slice's scripts run on the incident's instance, once. */
export async function command(
  ctx: DurableContext,
  { incidentId, run }: Remediation,
  incident: Incident,
  purpose: Purpose,
  remedyId: string,
  occasion: string,
  claimOwner?: string,
): Promise<RunCommandAnswer> {
  const attemptId = `${incidentId}-${run}-${occasion.replaceAll(/[^A-Za-z0-9]+/g, '-')}`;
  const request: RemedyRequest = {
    contract: CONTRACT,
    incidentId,
    attemptId,
    claimOwner: claimOwner ?? attemptId,
    purpose,
    remedyId,
    fingerprint: fingerprintFrom(incident),
  };
  return askRunCommand(ctx, `${occasion}: ${purpose}`, request);
}

/** Asks by the check of the slice that detects the symptom, a script or AWS's API: whichever rung acted, this verifies. */
export async function check(
  ctx: DurableContext,
  remediation: Remediation,
  incident: Incident,
  policy: Policy,
  occasion: string,
): Promise<SymptomReading> {
  const slice = detectingSlice(incident.symptom, policy.slices);
  if (slice === undefined) return { verdict: 'unknown', evidence: `no slice detects ${incident.symptom}` };
  if (isAct(slice)) return ctx.step(`${occasion} check`, () => readSymptom(incident.target.id));
  const answer = await command(ctx, remediation, incident, 'check', slice.id, `${occasion} check`);
  switch (answer.kind) {
    case 'checked':
      return answer.reading;
    case 'not-started':
      return {
        verdict: 'unknown',
        evidence: `the check did not run: ${answer.detail}`,
        ...(answer.undelivered === true ? { undelivered: answer.detail } : {}),
      };
    case 'refused':
    case 'unknown':
      return { verdict: 'unknown', evidence: `the check did not run: ${answer.detail}` };
    case 'reported':
      return { verdict: 'unknown', evidence: 'the check answered with a report' };
  }
}
