import { readFleet, readInstance } from '../aws/fleet-reader.ts';
import { reporting } from '../aws/metric-reader.ts';
import { listIncidents } from '../aws/state/incidents.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { RequestError } from '../core/errors.ts';
import type { InstanceFacts, Read } from '../core/facts.ts';
import { describeFingerprint } from '../core/incident.ts';
import type { KillSwitch } from '../core/kill-switch.ts';
import type { Policy } from '../core/policy.ts';
import { type Missing, missingToHeal } from '../core/readiness.ts';
import { type ChoreHealth, maintenanceHealth } from './maintenance-health.ts';
import { runSelfTests, type SelfTested } from './self-tests/index.ts';

export interface HealthAnswer {
  readonly request: 'check-health';
  readonly stack: string;
  /** What people read first: may it act, and if not, what switches it on. */
  readonly acting: string;
  readonly modes: Readonly<Record<string, string>>;
  readonly instances: readonly (
    | { readonly instanceId: string; readonly ready: true }
    | { readonly instanceId: string; readonly ready: false; readonly missing: readonly Missing[] }
  )[];
  readonly incidents: readonly {
    readonly incidentId: string;
    readonly about: string;
    readonly state: string;
    readonly lastReason: string;
  }[];
  /** Of the whole fleet; absent where one instance was asked for. */
  readonly maintenance?: readonly ChoreHealth[];
  /** What only a real account can show, each a line of docs/proof.md; absent where one instance was asked for. */
  readonly selfTests?: readonly SelfTested[];
  readonly policyDigest: string;
}

/** Says whether the stack may act, which instances are ready or what they lack, and what is open. Changes nothing. */
export async function checkHealth(
  instanceId: string | undefined,
  policy: Policy,
  nowMillis: number,
): Promise<HealthAnswer> {
  const [killSwitch, instances, heard, incidents, maintenance, selfTests] = await Promise.all([
    readKillSwitch(),
    instanceId === undefined ? readFleet(policy.stack) : readOne(instanceId),
    reporting(policy, nowMillis),
    listIncidents(),
    instanceId === undefined ? maintenanceHealth(policy) : undefined,
    instanceId === undefined ? runSelfTests(policy, nowMillis) : undefined,
  ]);
  return {
    request: 'check-health',
    stack: policy.stack,
    acting: describeActing(killSwitch),
    modes: Object.fromEntries(Object.entries(policy.remedies).map(([id, { mode }]) => [id, mode])),
    instances: instances.map((instance) => {
      const missing = missingToHeal(instance, heard.has(instance.instanceId), policy);
      const { instanceId: id } = instance;
      return missing.length === 0 ? { instanceId: id, ready: true } : { instanceId: id, ready: false, missing };
    }),
    incidents: incidents
      .filter(({ target }) => instanceId === undefined || target.id === instanceId)
      .map((incident) => ({
        incidentId: incident.incidentId,
        about: describeFingerprint(incident),
        state: incident.state,
        lastReason: incident.lastReason ?? 'none',
      })),
    ...(maintenance === undefined ? {} : { maintenance }),
    ...(selfTests === undefined ? {} : { selfTests }),
    policyDigest: policy.digest,
  };
}

async function readOne(instanceId: string): Promise<InstanceFacts[]> {
  const instance = await readInstance(instanceId);
  if (!instance.read) throw new Error(instance.problem);
  if (instance.value === undefined) {
    throw new RequestError(
      `"instanceId" is ${JSON.stringify(instanceId)}, which EC2 does not know in this region and account`,
    );
  }
  return [instance.value];
}

function describeActing(killSwitch: Read<KillSwitch>): string {
  if (!killSwitch.read) return `no: the kill switch could not be read (${killSwitch.problem})`;
  const { state, changedBy, changedAt, reason } = killSwitch.value;
  const resume = '{"request": "resume", "requestedBy": "who", "reason": "why"}';
  switch (state) {
    case 'absent':
      return `no: this stack is new and paused; switch it on with ${resume}`;
    case 'thrown':
      return `no: paused by ${changedBy} at ${changedAt} (${reason}); switch it on with ${resume}`;
    case 'released':
      return `yes: resumed by ${changedBy} at ${changedAt} (${reason})`;
  }
}
