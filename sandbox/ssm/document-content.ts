import type { DocumentStep } from './document-step.ts';
import { asText, invalidContent, isStringList, parseStep } from './document-step.ts';
import type { Input } from './input.ts';
import { isObject } from './input.ts';

/** A parameter that a command document declares. */
export interface DocumentParameter {
  readonly type: 'String' | 'StringList';
  readonly description: string;
  readonly default?: string | readonly string[];
  readonly allowedPattern?: string;
  readonly allowedValues?: readonly string[];
  /** Reaches the script only as the environment variable `SSM_<name>`. */
  readonly byEnvironment: boolean;
}

/** A command document of schema 2.2. */
export interface DocumentContent {
  readonly description: string;
  readonly parameters: ReadonlyMap<string, DocumentParameter>;
  readonly steps: readonly DocumentStep[];
}

/** Reads a document's content, JSON text or object; fails with InvalidDocumentContent. */
export function parseDocumentContent(content: unknown): DocumentContent {
  const document = typeof content === 'string' ? parseJson(content) : content;
  if (!isObject(document)) throw invalidContent('the content is not an object');
  if (document['schemaVersion'] !== '2.2') {
    throw invalidContent(`schemaVersion is ${JSON.stringify(document['schemaVersion'])}, not "2.2"`);
  }
  const declared = document['parameters'] ?? {};
  if (!isObject(declared)) throw invalidContent('parameters is not an object');
  const mainSteps = document['mainSteps'];
  if (!Array.isArray(mainSteps) || mainSteps.length === 0) throw invalidContent('mainSteps is not a list of steps');
  const steps = mainSteps.map(parseStep);
  if (new Set(steps.map(({ name }) => name)).size < steps.length) throw invalidContent('two steps have the same name');
  return {
    description: asText(document['description']),
    parameters: new Map(Object.entries(declared).map(([name, value]) => [name, parseParameter(name, value)])),
    steps,
  };
}

function parseParameter(name: string, value: unknown): DocumentParameter {
  if (!isObject(value)) throw invalidContent(`parameter ${name} is not an object`);
  const { type, allowedPattern, allowedValues, interpolationType, default: byDefault } = value;
  if (type !== 'String' && type !== 'StringList') {
    throw invalidContent(`parameter ${name} is of type ${JSON.stringify(type)}, not String or StringList`);
  }
  if (byDefault !== undefined && (type === 'String' ? typeof byDefault !== 'string' : !isStringList(byDefault))) {
    throw invalidContent(`the default of parameter ${name} is not a ${type}`);
  }
  if (allowedPattern !== undefined && (typeof allowedPattern !== 'string' || !isPattern(allowedPattern))) {
    throw invalidContent(`allowedPattern of parameter ${name} is not a pattern`);
  }
  if (allowedValues !== undefined && !isStringList(allowedValues)) {
    throw invalidContent(`allowedValues of parameter ${name} is not a list of strings`);
  }
  if (interpolationType !== undefined && (interpolationType !== 'ENV_VAR' || type !== 'String')) {
    throw invalidContent(`interpolationType of parameter ${name} is not ENV_VAR on a String`);
  }
  return {
    type,
    description: asText(value['description']),
    ...(typeof byDefault === 'string' || isStringList(byDefault) ? { default: byDefault } : {}),
    ...(typeof allowedPattern === 'string' ? { allowedPattern } : {}),
    ...(isStringList(allowedValues) ? { allowedValues } : {}),
    byEnvironment: interpolationType === 'ENV_VAR',
  };
}

function parseJson(text: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    throw invalidContent('the content is not JSON');
  }
}

function isPattern(text: string): boolean {
  try {
    return RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}
