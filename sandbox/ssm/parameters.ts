import type { DocumentParameter } from './document-content.ts';
import type { Input } from './input.ts';
import { isObject } from './input.ts';
import { SsmError } from './ssm-error.ts';

/** Values of a command's parameters, by name. */
export type ParameterValues = ReadonlyMap<string, string | readonly string[]>;

/** The parameters as SendCommand was given them: each a list of strings. */
export function givenParameters(input: Input): Record<string, string[]> {
  const given = input['Parameters'] ?? {};
  if (!isObject(given)) throw invalid('Parameters is not an object');
  return Object.fromEntries(
    Object.entries(given).map(([name, values]) => {
      if (!Array.isArray(values) || !values.every((value) => typeof value === 'string')) {
        throw invalid(`the parameter ${name} is not a list of strings`);
      }
      return [name, values];
    }),
  );
}

/** Joins given values and defaults; fails with InvalidParameters where one is unknown, missing or not allowed. */
export function resolveParameters(
  declared: ReadonlyMap<string, DocumentParameter>,
  given: Readonly<Record<string, readonly string[]>>,
): ParameterValues {
  for (const name of Object.keys(given)) {
    if (!declared.has(name))
      throw invalid(`the document has no parameter ${name}; it has ${[...declared.keys()].join(', ')}`);
  }
  return new Map([...declared].map(([name, parameter]) => [name, resolve(name, parameter, given[name])]));
}

function resolve(
  name: string,
  parameter: DocumentParameter,
  given: readonly string[] | undefined,
): string | readonly string[] {
  if (given !== undefined && parameter.type === 'String' && given.length !== 1) {
    throw invalid(`the parameter ${name} is a String and got ${given.length} values`);
  }
  const value = given === undefined ? parameter.default : parameter.type === 'String' ? given[0] : given;
  if (value === undefined) throw invalid(`the parameter ${name} has no default and got no value`);
  for (const one of typeof value === 'string' ? [value] : value) {
    if (parameter.allowedPattern !== undefined && !RegExp(`^(?:${parameter.allowedPattern})$`).test(one)) {
      throw invalid(
        `the parameter ${name} is ${JSON.stringify(one)}, which does not match ${parameter.allowedPattern}`,
      );
    }
    if (parameter.allowedValues !== undefined && !parameter.allowedValues.includes(one)) {
      throw invalid(
        `the parameter ${name} is ${JSON.stringify(one)}, not one of ${parameter.allowedValues.join(', ')}`,
      );
    }
  }
  return value;
}

function invalid(message: string): SsmError {
  return new SsmError('InvalidParameters', message);
}
