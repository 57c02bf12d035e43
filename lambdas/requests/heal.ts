import { randomBytes } from 'node:crypto';
import { detecting } from '../../remedies/slice.ts';
import { readContributors } from '../aws/alarm-reader.ts';
import { readInstance } from '../aws/fleet-reader.ts';
import { startRemediation } from '../aws/start-remediation.ts';
import { readClaim } from '../aws/state/claims.ts';
import { readLastAct } from '../aws/state/cooldowns.ts';
import { readDependenciesDown } from '../aws/state/dependencies.ts';
import { raiseRun } from '../aws/state/incidents.ts';
import { readKillSwitch } from '../aws/state/kill-switch.ts';
import { iso } from '../aws/state/table.ts';
import { readWhole } from '../aws/whole-instance-reader.ts';
import { decide } from '../core/decide.ts';
import type { Decision } from '../core/decision.ts';
import { RequestError } from '../core/errors.ts';
import { describeFingerprint, type Fingerprint, fingerprintFrom, type Incident } from '../core/incident.ts';
import { detectingSlice, isAskedByApi } from '../core/ladder.ts';
import { alarmName } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';
import type { PersonRequest } from '../core/request.ts';
import { askedPartProblem, defaultPart, fingerprintOf } from '../core/targets.ts';
import { openIncident } from '../intake/open-incident.ts';

type HealRequest = Extract<PersonRequest, { request: 'heal' }>;

export interface HealAnswer {
  readonly request: 'heal';
  readonly incidents: readonly {
    readonly incidentId: string;
    readonly about: string;
    readonly became: 'opened' | 'joined' | 'tried-again';
    /** What would be decided if the symptom is there; the execution reads everything anew and decides. */
    readonly preview: Decision;
  }[];
  readonly note: string;
}

/** Opens or joins the incidents that a person means, or tries again what was handed to a person. */
export async function heal(request: HealRequest, policy: Policy, nowMillis: number): Promise<HealAnswer> {
  const instance = await readInstance(request.instanceId);
  if (instance.read && instance.value === undefined) {
    throw new RequestError(
      `"instanceId" is ${JSON.stringify(request.instanceId)}, which EC2 does not know in this region and account`,
    );
  }
  const fingerprints = await meantBy(request, policy, nowMillis);
  const signal = { openedBy: `heal by ${request.requestedBy}`, stateChangedAt: iso(nowMillis) };
  const incidents: HealAnswer['incidents'][number][] = [];
  for (const fingerprint of fingerprints) {
    const mint = randomBytes(4).toString('hex');
    const { kind, incident } = await openIncident(fingerprint, signal, policy, mint, nowMillis);
    if (kind === 'repeated') continue;
    const again = incident.state === 'escalated' && (await tryAgain(incident));
    incidents.push({
      incidentId: incident.incidentId,
      about: describeFingerprint(fingerprint),
      became: again ? 'tried-again' : kind,
      preview: await preview({ ...incident, attempts: again ? [] : incident.attempts }, instance, policy, nowMillis),
    });
  }
  return {
    request: 'heal',
    incidents,
    note: 'the preview assumes that the symptom is there; the execution checks and decides',
  };
}

/** The symptoms named, else those whose alarm says so now, else every symptom that is known: its check will say. */
async function meantBy(
  { instanceId, symptom, part }: HealRequest,
  policy: Policy,
  nowMillis: number,
): Promise<Fingerprint[]> {
  const target = { kind: 'instance', id: instanceId } as const;
  if (symptom !== undefined) {
    const slice = detectingSlice(symptom, policy.slices);
    if (slice === undefined) {
      const allowed = detecting(policy.slices)
        .map((one) => one.symptom)
        .join(', ');
      throw new RequestError(`"symptom" is ${JSON.stringify(symptom)}, allowed are ${allowed}`);
    }
    const wanted = part ?? defaultPart(slice);
    const problem = askedPartProblem(slice, wanted, policy.services);
    if (problem !== undefined) throw new RequestError(problem);
    return [{ target, part: wanted ?? '', symptom }];
  }
  if (part !== undefined) throw new RequestError(`"part" is ${JSON.stringify(part)} without a "symptom"; name both`);
  const alarming: Fingerprint[] = [];
  for (const slice of detecting(policy.slices)) {
    for (const { dimensions } of await readContributors(alarmName(policy.stack, slice.id), nowMillis)) {
      const named = fingerprintOf(slice, dimensions);
      if ('fingerprint' in named && named.fingerprint.target.id === instanceId) alarming.push(named.fingerprint);
    }
  }
  if (alarming.length > 0) return alarming;
  return detecting(policy.slices).flatMap((slice) => {
    const wanted = defaultPart(slice);
    return wanted === undefined ? [] : [{ target, part: wanted, symptom: slice.symptom }];
  });
}

/** A person asks again on purpose: the ladder starts from its first rung. */
async function tryAgain(incident: Incident): Promise<boolean> {
  const run = await raiseRun(incident, { state: 'open', attempts: [] });
  if (run === undefined) return false;
  await startRemediation({ incidentId: incident.incidentId, run });
  return true;
}

async function preview(
  incident: Incident,
  instance: Awaited<ReturnType<typeof readInstance>>,
  policy: Policy,
  nowMillis: number,
): Promise<Decision> {
  const fingerprint = fingerprintFrom(incident);
  const byApi = isAskedByApi(incident.symptom, policy.slices);
  const [killSwitch, claim, lastAct, dependenciesDown, whole] = await Promise.all([
    readKillSwitch(),
    readClaim(incident.target),
    readLastAct(fingerprint),
    readDependenciesDown(fingerprint, policy.services),
    byApi ? readWhole(incident.target.id, policy.stack) : undefined,
  ]);
  const symptom = { verdict: 'unknown', evidence: 'not asked for the preview' } as const;
  const facts = {
    fingerprint,
    killSwitch,
    instance,
    claim,
    lastAct,
    dependenciesDown,
    symptom,
    openedAtEpochSeconds: Math.floor(Date.parse(incident.openedAt) / 1000),
    attempts: incident.attempts,
    ...(whole === undefined ? {} : { whole }),
  };
  return decide(facts, policy, Math.floor(nowMillis / 1000));
}
