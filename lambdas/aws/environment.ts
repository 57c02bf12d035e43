import { DeploymentError } from '../core/errors.ts';
import type { ENVIRONMENT } from '../core/names.ts';

/** Reads one of the function's variables; throws a DeploymentError that names it. */
export function environmentVariable(name: (typeof ENVIRONMENT)[keyof typeof ENVIRONMENT]): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new DeploymentError(
      `the environment variable ${name} is missing: this function was not deployed by its stack`,
    );
  }
  return value;
}
