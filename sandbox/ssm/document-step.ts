import { isObject } from './input.ts';
import { SsmError } from './ssm-error.ts';

/** What every step of a command document says. */
interface StepControl {
  readonly name: string;
  readonly onFailure: string;
  readonly onSuccess: string;
  readonly finallyStep: boolean;
  /** False where a precondition asks for another platform: the step is skipped and counts as done. */
  readonly applies: boolean;
}

/** An `aws:runShellScript` step; its values may hold `{{ parameter }}`. */
export interface ShellStep extends StepControl {
  readonly action: 'aws:runShellScript';
  readonly runCommand: string | readonly string[];
  readonly workingDirectory: string;
  readonly timeoutSeconds: string;
}

/** An `aws:configurePackage` step that installs the CloudWatch agent, the one package there is here. */
export interface PackageStep extends StepControl {
  readonly action: 'aws:configurePackage';
}

export type DocumentStep = ShellStep | PackageStep;

/** Reads one of `mainSteps`; fails with InvalidDocumentContent. */
export function parseStep(step: unknown): DocumentStep {
  if (!isObject(step)) throw invalidContent('a step is not an object');
  const { name, action, inputs } = step;
  if (typeof name !== 'string' || !/^[a-zA-Z0-9_]{1,128}$/.test(name)) {
    throw invalidContent(`the step name ${JSON.stringify(name)} is not 1 to 128 letters, digits or _`);
  }
  if (!isObject(inputs)) throw invalidContent(`step ${name} has no inputs`);
  const control: StepControl = {
    name,
    onFailure: asText(inputs['onFailure'] ?? step['onFailure']),
    onSuccess: asText(inputs['onSuccess'] ?? step['onSuccess']),
    finallyStep: [inputs['finallyStep'], step['finallyStep']].some((value) => value === true || value === 'true'),
    applies: preconditionHolds(step['precondition']),
  };
  if (action === 'aws:runShellScript') return shellStep(control, inputs);
  if (action === 'aws:configurePackage') return packageStep(control, inputs);
  throw invalidContent(
    `step ${name} has the action ${JSON.stringify(action)}, not aws:runShellScript or aws:configurePackage, all that runs here`,
  );
}

function shellStep(control: StepControl, inputs: Readonly<Record<string, unknown>>): ShellStep {
  const { runCommand } = inputs;
  if (typeof runCommand !== 'string' && !isStringList(runCommand)) {
    throw invalidContent(`step ${control.name} has no runCommand`);
  }
  return {
    ...control,
    action: 'aws:runShellScript',
    runCommand,
    workingDirectory: asText(inputs['workingDirectory']),
    timeoutSeconds: asText(inputs['timeoutSeconds'] ?? '3600'),
  };
}

function packageStep(control: StepControl, inputs: Readonly<Record<string, unknown>>): PackageStep {
  if (inputs['name'] !== 'AmazonCloudWatchAgent' || inputs['action'] !== 'Install') {
    throw invalidContent(
      `step ${control.name} does ${JSON.stringify(inputs['action'])} with ${JSON.stringify(inputs['name'])}, not "Install" with "AmazonCloudWatchAgent", all that runs here`,
    );
  }
  return { ...control, action: 'aws:configurePackage' };
}

function preconditionHolds(precondition: unknown): boolean {
  const operands = isObject(precondition) ? precondition['StringEquals'] : undefined;
  return !isStringList(operands) || !operands.includes('platformType') || operands.includes('Linux');
}

export function isStringList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === 'string');
}

/** A document says some values as text, as a number or as a truth value. */
export function asText(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function invalidContent(message: string): SsmError {
  return new SsmError('InvalidDocumentContent', message);
}
