import { randomBytes } from 'node:crypto';
import { appendRecord } from '../aws/audit-log.ts';
import { writeKillSwitch } from '../aws/state/kill-switch.ts';
import { iso } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import type { Policy } from '../core/policy.ts';
import type { PersonRequest } from '../core/request.ts';
import { checkHealth } from './check-health.ts';
import { heal } from './heal.ts';

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
  }
}

/** `pause` throws the kill switch, `resume` releases it; the record comes first, so that no switch is thrown untold. */
async function switchActing(
  request: Extract<PersonRequest, { request: 'pause' | 'resume' }>,
  policy: Policy,
  nowMillis: number,
): Promise<object> {
  const state = request.request === 'pause' ? 'thrown' : 'released';
  const says = state === 'thrown' ? 'nothing is changed until the next "resume"' : 'remedies in mode "act" may act';
  await recordRequest(request, `kill switch ${state}: ${says}`, policy, nowMillis);
  await writeKillSwitch({ state, changedBy: request.requestedBy, changedAt: iso(nowMillis), reason: request.reason });
  return { request: request.request, stack: policy.stack, killSwitch: state, says };
}

async function recordRequest(request: PersonRequest, answer: string, policy: Policy, nowMillis: number): Promise<void> {
  const subject = `request-${iso(nowMillis)}-${randomBytes(4).toString('hex')}`;
  await appendRecord(
    { stack: policy.stack, subject, order: orderOf(0, 0, 'requested') },
    { kind: 'requested', request: request.request, requestedBy: request.requestedBy, because: request.reason, answer },
    nowMillis,
  );
}
