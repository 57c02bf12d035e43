import { randomBytes } from 'node:crypto';
import { appendRecord } from '../aws/audit-log.ts';
import { log } from '../aws/log.ts';
import { writeKillSwitch } from '../aws/state/kill-switch.ts';
import { iso } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import type { Policy } from '../core/policy.ts';
import type { PersonRequest } from '../core/request.ts';
import { checkHealth } from './check-health.ts';
import { heal } from './heal.ts';
import { prepareRun } from './maintain.ts';

/** Answers a person's request at once, and records who asked and why. */
export async function answerRequest(request: PersonRequest, policy: Policy, nowMillis: number): Promise<object> {
  switch (request.request) {
    case 'check-health':
      return checkHealth(request.instanceId, policy, nowMillis);
    case 'pause':
    case 'resume':
      return switchActing(request, policy, nowMillis);
    case 'heal': {
      const answer = await heal(request, policy, nowMillis);
      await recordRequest(
        request,
        `${answer.incidents.length} incidents: ${answer.incidents.map(({ incidentId }) => incidentId).join(', ')}`,
        policy,
        nowMillis,
      );
      return answer;
    }
    case 'maintain': {
      const { answer, start } = await prepareRun(request, policy, nowMillis);
      // nothing is cleaned that nobody is on record to have asked for
      await recordRequest(request, `${answer.runId}: ${answer.says}`, policy, nowMillis);
      await start();
      return answer;
    }
  }
}

/**
 * `pause` throws the kill switch, `resume` releases it. Nothing is released unrecorded: there the record comes first. The
 * brake must not wait for the audit table: there the switch comes first, and a record that fails is said in the answer.
 */
async function switchActing(
  request: Extract<PersonRequest, { request: 'pause' | 'resume' }>,
  policy: Policy,
  nowMillis: number,
): Promise<object> {
  const state = request.request === 'pause' ? 'thrown' : 'released';
  const says = state === 'thrown' ? 'nothing is changed until the next "resume"' : 'remedies in mode "act" may act';
  const { requestedBy: changedBy, reason } = request;
  const turn = () => writeKillSwitch({ state, changedBy, changedAt: iso(nowMillis), reason });
  const record = () => recordRequest(request, `kill switch ${state}: ${says}`, policy, nowMillis);
  const answer = { request: request.request, stack: policy.stack, killSwitch: state, says };
  if (request.request === 'resume') {
    await record();
    await turn();
    return answer;
  }
  await turn();
  try {
    await record();
    return answer;
  } catch (error) {
    log('ERROR', 'request-not-recorded', { request, error: String(error) });
    return { ...answer, warning: `paused, but it could not be recorded: ${String(error)}` };
  }
}

async function recordRequest(request: PersonRequest, answer: string, policy: Policy, nowMillis: number): Promise<void> {
  const subject = `request-${iso(nowMillis)}-${randomBytes(4).toString('hex')}`;
  await appendRecord(
    { stack: policy.stack, subject, order: orderOf(0, 0, 'requested') },
    { kind: 'requested', request: request.request, requestedBy: request.requestedBy, because: request.reason, answer },
    nowMillis,
  );
}
