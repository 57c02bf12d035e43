import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { appendRecord } from '../aws/audit-log.ts';
import { askRunCommand } from '../aws/ask-run-command.ts';
import { readInstance } from '../aws/fleet-reader.ts';
import { readClaim } from '../aws/state/claims.ts';
import { listIncidents } from '../aws/state/incidents.ts';
import { epochSeconds } from '../aws/state/table.ts';
import { orderOf } from '../core/audit-record.ts';
import { CONTRACT } from '../core/contract.ts';
import type { ChorePurpose } from '../core/purpose.ts';
import type { Fingerprint, Target } from '../core/incident.ts';
import { holdOfChore } from '../core/maintenance/guards.ts';
import { choreOf } from '../core/maintenance/maintenance.ts';
import { type MaintenanceRun, purposeOf, visitId } from '../core/maintenance/run.ts';
import type { Visit } from '../core/maintenance/visit.ts';
import type { Policy } from '../core/policy.ts';
import { type Stop, whyStop } from './begin.ts';

/** An instance whose guards were asked. */
interface Looked {
  readonly instanceId: string;
  /** Absent: nothing refuses. */
  readonly held?: Visit;
}

/** Visits some instances side by side: guards, command, record. One's failure stops no other (S25). */
export async function wave(
  ctx: DurableContext,
  run: MaintenanceRun,
  number: number,
  instanceIds: readonly string[],
  policy: Policy,
): Promise<{ readonly visits: readonly Visit[] } | { readonly stop: Stop }> {
  const purpose = purposeOf(run, policy.maintenance.mode);
  const looked = await ctx.step(`wave ${number}: look`, () => look(run, instanceIds, purpose, policy, Date.now()));
  if ('stop' in looked) return looked;
  const visited = await Promise.all(
    looked.instances.map(async ({ instanceId, held }) => ({
      instanceId,
      visit: held ?? (await visit(ctx, run, number, instanceId, purpose)),
    })),
  );
  await ctx.step(`wave ${number}: record`, async () => {
    const { choreId, runId } = run;
    const { stack } = policy;
    await Promise.all(
      visited.map(({ instanceId, visit: seen }, place) =>
        appendRecord(
          { stack, subject: runId, order: orderOf(number, place + 1, 'maintained') },
          { kind: 'maintained', choreId, instanceId, visit: seen },
          Date.now(),
        ),
      ),
    );
  });
  return { visits: visited.map(({ visit: seen }) => seen) };
}

async function look(
  run: MaintenanceRun,
  instanceIds: readonly string[],
  purpose: ChorePurpose,
  policy: Policy,
  nowMillis: number,
): Promise<{ readonly instances: readonly Looked[] } | { readonly stop: Stop }> {
  const stop = await whyStop(run, choreOf(run.choreId, policy.maintenance), policy, nowMillis);
  if (stop !== undefined) return { stop };
  const incidents = await listIncidents();
  return {
    instances: await Promise.all(
      instanceIds.map((instanceId) => lookAt(run.choreId, instanceId, incidents, purpose, policy, nowMillis)),
    ),
  };
}

async function lookAt(
  choreId: string,
  instanceId: string,
  incidents: readonly Fingerprint[],
  purpose: ChorePurpose,
  policy: Policy,
  nowMillis: number,
): Promise<Looked> {
  const target: Target = { kind: 'instance', id: instanceId };
  const [instance, claim] = await Promise.all([readInstance(instanceId), readClaim(target)]);
  const facts = { choreId, target, instance, claim, incidents };
  const hold = holdOfChore(facts, purpose, policy, epochSeconds(nowMillis));
  return hold === undefined
    ? { instanceId }
    : { instanceId, held: { kind: 'held', reason: hold.reason, detail: hold.detail } };
}

async function visit(
  ctx: DurableContext,
  { choreId, runId }: MaintenanceRun,
  number: number,
  instanceId: string,
  purpose: ChorePurpose,
): Promise<Visit> {
  const attemptId = visitId(runId, instanceId);
  const answer = await askRunCommand(ctx, `wave ${number}: ${purpose} ${instanceId}`, {
    contract: CONTRACT,
    attemptId,
    claimOwner: attemptId,
    purpose,
    choreId,
    target: { kind: 'instance', id: instanceId },
  });
  return { kind: 'visited', purpose, answer };
}
