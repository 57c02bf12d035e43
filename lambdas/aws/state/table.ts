import { environmentVariable } from '../environment.ts';
import { ENVIRONMENT } from '../../core/names.ts';

/** Name of the table of the things that change. */
export const stateTable = (): string => environmentVariable(ENVIRONMENT.stateTable);

/** Whether a conditional write was refused by its condition. */
export function isConditionFailure(error: unknown): error is Error & { Item?: Record<string, unknown> } {
  return error instanceof Error && error.name === 'ConditionalCheckFailedException';
}

export const epochSeconds = (millis: number): number => Math.floor(millis / 1000);
export const iso = (millis: number): string => new Date(millis).toISOString();
