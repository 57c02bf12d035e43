import { type DurableContext, InvokeError } from '@aws/durable-execution-sdk-js';
import { environmentVariable } from '../aws/environment.ts';
import { type ChangeInstanceAnswer, type ChangeInstanceRequest, CONTRACT } from '../core/contract.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import { ENVIRONMENT } from '../core/names.ts';

/** Has the incident's instance rebooted, stopped and started, or replaced, once. */
export async function change(
  ctx: DurableContext,
  incident: Incident,
  attemptId: string,
  remedyId: string,
  occasion: string,
): Promise<ChangeInstanceAnswer> {
  const { incidentId } = incident;
  const fingerprint = fingerprintFrom(incident);
  const request: ChangeInstanceRequest = { contract: CONTRACT, incidentId, attemptId, remedyId, fingerprint };
  const functionArn = environmentVariable(ENVIRONMENT.changeInstance);
  try {
    return await ctx.invoke<ChangeInstanceRequest, ChangeInstanceAnswer>(`${occasion}: change`, functionArn, request);
  } catch (error) {
    // the acting function failed as a whole: what it did is not known, and is never taken for a recovery
    if (error instanceof InvokeError) return { kind: 'unknown', detail: `change-instance failed: ${error.message}` };
    throw error;
  }
}
