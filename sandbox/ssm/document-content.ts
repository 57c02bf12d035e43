import type { Input } from './input.ts';
import { isObject } from './input.ts';
import { SsmError } from './ssm-error.ts';

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

/** One `aws:runShellScript` step; its values may hold `{{ parameter }}`. */
export interface DocumentStep {
  readonly name: string;
  readonly runCommand: string | readonly string[];
  readonly workingDirectory: string;
  readonly timeoutSeconds: string;
  readonly onFailure: string;
  readonly onSuccess: string;
  readonly finallyStep: boolean;
  /** False where a precondition asks for another platform: the step is skipped and counts as done. */
  readonly applies: boolean;
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
  if (!isObject(document)) throw invalid('the content is not an object');
  if (document['schemaVersion'] !== '2.2') {
    throw invalid(`schemaVersion is ${JSON.stringify(document['schemaVersion'])}, not "2.2"`);
  }
  const declared = document['parameters'] ?? {};
  if (!isObject(declared)) throw invalid('parameters is not an object');
  const mainSteps = document['mainSteps'];
  if (!Array.isArray(mainSteps) || mainSteps.length === 0) throw invalid('mainSteps is not a list of steps');
  const steps = mainSteps.map(parseStep);
  if (new Set(steps.map(({ name }) => name)).size < steps.length) throw invalid('two steps have the same name');
  return {
    description: asText(document['description']),
    parameters: new Map(Object.entries(declared).map(([name, value]) => [name, parseParameter(name, value)])),
    steps,
  };
}

function parseParameter(name: string, value: unknown): DocumentParameter {
  if (!isObject(value)) throw invalid(`parameter ${name} is not an object`);
  const { type, allowedPattern, allowedValues, interpolationType, default: byDefault } = value;
  if (type !== 'String' && type !== 'StringList') {
    throw invalid(`parameter ${name} is of type ${JSON.stringify(type)}, not String or StringList`);
  }
  if (byDefault !== undefined && (type === 'String' ? typeof byDefault !== 'string' : !isStringList(byDefault))) {
    throw invalid(`the default of parameter ${name} is not a ${type}`);
  }
  if (allowedPattern !== undefined && (typeof allowedPattern !== 'string' || !isPattern(allowedPattern))) {
    throw invalid(`allowedPattern of parameter ${name} is not a pattern`);
  }
  if (allowedValues !== undefined && !isStringList(allowedValues)) {
    throw invalid(`allowedValues of parameter ${name} is not a list of strings`);
  }
  if (interpolationType !== undefined && (interpolationType !== 'ENV_VAR' || type !== 'String')) {
    throw invalid(`interpolationType of parameter ${name} is not ENV_VAR on a String`);
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

function parseStep(step: unknown): DocumentStep {
  if (!isObject(step)) throw invalid('a step is not an object');
  const { name, action, inputs } = step;
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_]{1,128}$/.test(name)) {
    throw invalid(`the step name ${JSON.stringify(name)} is not 1 to 128 letters, digits or _`);
  }
  if (action !== 'aws:runShellScript') {
    throw invalid(`step ${name} has the action ${JSON.stringify(action)}, not aws:runShellScript, all that runs here`);
  }
  if (!isObject(inputs)) throw invalid(`step ${name} has no inputs`);
  const { runCommand } = inputs;
  if (typeof runCommand !== 'string' && !isStringList(runCommand)) throw invalid(`step ${name} has no runCommand`);
  return {
    name,
    runCommand,
    workingDirectory: asText(inputs['workingDirectory']),
    timeoutSeconds: asText(inputs['timeoutSeconds'] ?? '3600'),
    onFailure: asText(inputs['onFailure'] ?? step['onFailure']),
    onSuccess: asText(inputs['onSuccess'] ?? step['onSuccess']),
    finallyStep: [inputs['finallyStep'], step['finallyStep']].some((value) => value === true || value === 'true'),
    applies: preconditionHolds(step['precondition']),
  };
}

function preconditionHolds(precondition: unknown): boolean {
  const operands = isObject(precondition) ? precondition['StringEquals'] : undefined;
  return !isStringList(operands) || !operands.includes('platformType') || operands.includes('Linux');
}

function parseJson(text: string): Input | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    throw invalid('the content is not JSON');
  }
}

function isPattern(text: string): boolean {
  try {
    return RegExp(text) instanceof RegExp;
  } catch {
    return false;
  }
}

function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

function invalid(message: string): SsmError {
  return new SsmError('InvalidDocumentContent', message);
}
