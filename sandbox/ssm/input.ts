import { SsmError } from './ssm-error.ts';

/** Fields of an API call, not yet checked. */
export type Input = Record<string, unknown>;

/** A string field; `undefined` where it is absent, a ValidationException where it is something else. */
export function stringField(input: Input, name: string): string | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a string', value);
  return value;
}

/** A string field that must be there. */
export function requiredString(input: Input, name: string): string {
  const value = stringField(input, name);
  if (value === undefined || value === '') {
    throw new SsmError('ValidationException', `1 validation error detected: ${name} must not be null or empty`);
  }
  return value;
}

/** An integer field within bounds. */
export function integerField(input: Input, name: string, least: number, most: number): number | undefined {
  const value = input[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) {
    throw wrongType(name, `an integer from ${least} to ${most}`, value);
  }
  return value;
}

/** A list of strings; empty where it is absent. */
export function stringListField(input: Input, name: string): string[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every((entry) => typeof entry === 'string')) {
    throw wrongType(name, 'a list of strings', value);
  }
  return value;
}

/** A list of objects; empty where it is absent. */
export function objectListField(input: Input, name: string): Input[] {
  const value = input[name] ?? [];
  if (!Array.isArray(value) || !value.every(isObject)) throw wrongType(name, 'a list of objects', value);
  return value;
}

/** Tells whether a value is a plain object. */
export function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrongType(name: string, allowed: string, value: unknown): SsmError {
  const got = JSON.stringify(value) ?? 'nothing';
  return new SsmError(
    'ValidationException',
    `1 validation error detected: ${name} is ${got.slice(0, 100)}, not ${allowed}`,
  );
}
