import type { DurableContext } from '@aws/durable-execution-sdk-js';
import { readInstance } from '../aws/fleet-reader.ts';
import { newestDatapoint } from '../aws/metric-reader.ts';
import { readClaim } from '../aws/state/claims.ts';
import { readLastAct } from '../aws/state/cooldowns.ts';
import { readDependenciesDown } from '../aws/state/dependencies.ts';
import { readIncident, update } from '../aws/state/incidents.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { epochSeconds, iso } from '../aws/state/table.ts';
import { readWhole } from '../aws/whole-instance-reader.ts';
import type { AuditEntry, Closing } from '../core/audit-record.ts';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import type { Facts, SymptomReading } from '../core/facts.ts';
import { fingerprintFrom, type Incident } from '../core/incident.ts';
import { detectingSlice, isAskedByApi } from '../core/ladder.ts';
import type { Policy } from '../core/policy.ts';
import type { HoldReason } from '../core/reasons.ts';
import type { Remediation } from '../core/remediation.ts';
import { longestTurnSeconds } from '../core/time-budget.ts';
import { check } from './command.ts';

/** What was seen and decided in one turn; `end` where the incident is over. */
export interface Seen {
  readonly incident: Incident;
  readonly facts: Facts;
  readonly decision: Decision;
  readonly end?: Exclude<Closing, 'recovered'>;
  /** The decision where it is new: to be recorded before anything follows from it. */
  readonly news?: AuditEntry;
}

/** Refusals after which not even the read-only check is sent to the instance. */
const NO_COMMAND: readonly HoldReason[] = [
  'target-gone',
  'not-opted-in',
  'opted-out',
  'warming-up',
  'not-ready',
  'facts-unavailable',
];

/** Reads everything anew, asks the instance, and decides. */
export async function look(
  ctx: DurableContext,
  remediation: Remediation,
  turn: number,
  policy: Policy,
): Promise<Seen | 'superseded'> {
  const read = await ctx.step(`look ${turn}: read`, () => readAll(remediation, policy));
  if (read === 'superseded') return read;
  const { incident, facts, first, readAtEpochSeconds } = read;
  // what AWS's API says costs the instance nothing
  const byApi = isAskedByApi(incident.symptom, policy.slices);
  const asksInstance = byApi || !(first.kind === 'hold' && NO_COMMAND.includes(first.reason));
  const datapoint = () => ctx.step(`look ${turn}: datapoint`, () => readDatapoint(incident, policy));
  const checked = asksInstance ? await check(ctx, remediation, incident, policy, `look ${turn}`) : undefined;
  const symptom =
    checked === undefined || checked.undelivered !== undefined ? { ...checked, ...(await datapoint()) } : checked;
  const complete = { ...facts, symptom };
  // no step: of the same facts, policy and time the same is decided however often the execution is replayed
  const decision = decide(complete, policy, readAtEpochSeconds);
  const end = endOf(decision, symptom);
  const isNew = incident.state !== 'escalated' && (decision.kind !== 'hold' || decision.reason !== incident.lastReason);
  const { fingerprint } = facts;
  return {
    incident,
    facts: complete,
    decision: stayEscalated(incident, decision),
    ...(end === undefined ? {} : { end }),
    ...(isNew
      ? { news: { kind: 'decided', fingerprint, decision, facts: complete, policyDigest: policy.digest } }
      : {}),
  };
}

async function readAll(remediation: Remediation, policy: Policy) {
  const incident = await readIncident(remediation.incidentId);
  if (incident === undefined || incident.state === 'closed' || incident.run !== remediation.run) return 'superseded';
  const nowMillis = Date.now();
  const dueAt = iso(nowMillis + longestTurnSeconds(incident.symptom, policy) * 1000);
  const fingerprint = fingerprintFrom(incident);
  const byApi = isAskedByApi(incident.symptom, policy.slices);
  const [killSwitch, instance, claim, lastAct, dependenciesDown, whole] = await Promise.all([
    readKillSwitch(),
    readInstance(incident.target.id),
    readClaim(incident.target),
    readLastAct(fingerprint),
    readDependenciesDown(fingerprint, policy.services),
    byApi ? readWhole(incident.target.id, policy.stack) : undefined,
    update(incident, { working: true, dueAt }),
  ]);
  const symptom: SymptomReading = { verdict: 'unknown', evidence: 'not read yet' };
  const { attempts } = incident;
  const openedAtEpochSeconds = epochSeconds(Date.parse(incident.openedAt));
  const facts: Facts = {
    fingerprint,
    killSwitch,
    instance,
    claim,
    lastAct,
    dependenciesDown,
    symptom,
    openedAtEpochSeconds,
    attempts,
    ...(whole === undefined ? {} : { whole }),
  };
  const readAtEpochSeconds = epochSeconds(nowMillis);
  return { incident, facts, first: decide(facts, policy, readAtEpochSeconds), readAtEpochSeconds };
}

/** Where the instance cannot be asked, only a fresh datapoint below the threshold says healthy; missing data never does (S29). */
async function readDatapoint(incident: Incident, policy: Policy): Promise<SymptomReading> {
  const slice = detectingSlice(incident.symptom, policy.slices);
  if (slice === undefined) return { verdict: 'unknown', evidence: 'no slice detects this symptom' };
  const { metricName, threshold } = slice.detection;
  const { metricNamespace } = policy;
  const newest = await newestDatapoint(slice.detection, metricNamespace, incident.target.id, incident.part, Date.now());
  if (newest === undefined)
    return { verdict: 'unknown', evidence: `no datapoint of ${metricName} in the last 10 minutes` };
  const evidence = `${metricName} was ${newest.value} at ${newest.at}`;
  const fresh = newest.at > incident.stateChangedAt;
  if (!fresh) return { verdict: 'unknown', evidence: `${evidence}, before the alarm` };
  return { verdict: newest.value < threshold ? 'healthy' : 'unhealthy', evidence };
}

function endOf(decision: Decision, symptom: SymptomReading): Seen['end'] {
  if (decision.kind === 'hold' && decision.reason === 'target-gone') return 'target-gone';
  // a deployment took every remedy of the symptom away: nobody would ever look at it again
  if (decision.kind === 'escalate' && decision.reason === 'no-remedy') return 'no-remedy';
  return symptom.verdict === 'healthy' ? 'already-healthy' : undefined;
}

/** An incident that was handed to a person is looked at, not acted on. */
function stayEscalated(incident: Incident, decision: Decision): Decision {
  if (incident.state !== 'escalated' || decision.kind !== 'remediate') return decision;
  return { kind: 'hold', reason: 'in-progress', detail: 'a person was told and works on it' };
}
