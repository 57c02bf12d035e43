import { randomBytes } from 'node:crypto';
import { instanceExists } from '../aws/fleet-reader.ts';
import { readFleetIds } from '../aws/running-instances.ts';
import { iso } from '../aws/state/table.ts';
import { RequestError } from '../core/errors.ts';
import { choreOf } from '../core/maintenance/maintenance.ts';
import { askedRunId, type MaintenanceRun, purposeOf } from '../core/maintenance/run.ts';
import type { Policy } from '../core/policy.ts';
import type { PersonRequest } from '../core/request.ts';
import { startRun } from '../maintenance/start-run.ts';

type MaintainRequest = Extract<PersonRequest, { request: 'maintain' }>;

export interface MaintainAnswer {
  readonly request: 'maintain';
  readonly runId: string;
  /** What it is about to do, and to whom. */
  readonly says: string;
  readonly note: string;
}

/** Checks what a person asked for; what it answers with is started by `start`, once the request is recorded. */
export async function prepareRun(
  { chore, instanceId, preview }: MaintainRequest,
  policy: Policy,
  nowMillis: number,
): Promise<{ readonly answer: MaintainAnswer; readonly start: () => Promise<void> }> {
  const known = choreOf(chore, policy.maintenance);
  if (known === undefined) {
    const allowed = policy.maintenance.chores.map(({ id }) => id).join(', ');
    throw new RequestError(`"chore" is ${JSON.stringify(chore)}, allowed are ${allowed}`);
  }
  if (instanceId !== undefined && !(await instanceExists(instanceId))) {
    throw new RequestError(
      `"instanceId" is ${JSON.stringify(instanceId)}, which EC2 does not know in this region and account`,
    );
  }
  const runId = askedRunId(known.id, randomBytes(4).toString('hex'));
  const where = instanceId ?? `${(await readFleetIds(policy.stack)).length} opted-in instances that run`;
  const asked: MaintenanceRun = {
    choreId: known.id,
    runId,
    startedBy: 'person',
    askedAt: iso(nowMillis),
    ...(instanceId === undefined ? {} : { instanceId }),
    ...(preview ? { preview } : {}),
  };
  const looks = purposeOf(asked, policy.maintenance.mode) === 'preview';
  const does = looks ? `preview, which deletes nothing: ${known.title}` : known.title;
  return {
    answer: {
      request: 'maintain',
      runId,
      says: `${does}; on ${where}`,
      note: `each instance's guards are asked when its turn comes; the audit records of ${runId} say what was done`,
    },
    start: () => startRun(asked),
  };
}
