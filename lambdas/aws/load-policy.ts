import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DeploymentError } from '../core/errors.ts';
import { POLICY_FILE } from '../core/names.ts';
import type { Policy } from '../core/policy.ts';

let loaded: Policy | undefined;

/** The policy that this function was deployed with; synth wrote and checked it beside the bundle. */
export function loadPolicy(): Policy {
  loaded ??= read(join(process.env['LAMBDA_TASK_ROOT'] ?? '.', POLICY_FILE));
  return loaded;
}

function read(path: string): Policy {
  let policy: Policy;
  try {
    policy = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    throw new DeploymentError(`the policy ${path} cannot be read: this function was not deployed by its stack`, {
      cause,
    });
  }
  return policy;
}
