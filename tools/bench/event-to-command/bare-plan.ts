import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAct } from '../../../remedies/slice.ts';
import { POLICY_FILE } from '../../../lambdas/core/names.ts';
import type { Policy } from '../../../lambdas/core/policy.ts';
import { scriptParameters } from '../../../lambdas/core/script-parameters.ts';
import type { Sandbox } from '../../../sandbox/sandbox.ts';
import type { BarePlan } from '../bare/plan.ts';
import { bareFunction } from './bare-functions.ts';

/** What the bare functions shall do for one instance whose root disk is full: the same documents, with the same parameters. */
export function barePlan({ deployed, stackName }: Sandbox, folder: string, instanceId: string): BarePlan {
  const policyPath = join(folder, 'cdk.out/functions', stackName, 'run-command', POLICY_FILE);
  const policy: Policy = JSON.parse(readFileSync(policyPath, 'utf8'));
  const slice = policy.slices.find(({ id }) => id === 'disk-full');
  const { check, repair } = policy.remedies['disk-full']?.documents ?? {};
  if (slice === undefined || isAct(slice) || check === undefined || repair === undefined)
    throw new Error(`${policyPath} has no disk-full`);
  const id = randomBytes(4).toString('hex');
  const fingerprint = { target: { kind: 'instance', id: instanceId }, part: '/', symptom: slice.symptom } as const;
  const attempt = { contract: 1, incidentId: id, attemptId: `bare-${id}`, claimOwner: id, remedyId: slice.id } as const;
  const table = (part: string): string =>
    [...deployed.tables].find(([logicalId]) => logicalId.includes(part))?.[1].name ?? '';
  return {
    id,
    instanceId,
    stateTable: table('State'),
    auditTable: table('Audit'),
    remediate: bareFunction('remediate'),
    runCommand: bareFunction('run-command'),
    documents: { check, repair },
    // a fence below any that the stack itself gives out
    parameters: scriptParameters({ ...attempt, purpose: 'repair', fingerprint }, slice, 1, policy),
  };
}
