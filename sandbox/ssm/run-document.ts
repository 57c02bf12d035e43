import type { ScaledClock } from '../clock.ts';
import type { SandboxInstance } from '../instance/instance.ts';
import type { Command, StatusWithDetails, StepResult } from './commands.ts';
import { configurePackage } from './configure-package.ts';
import type { DocumentStep, ShellStep } from './document-step.ts';
import { environmentOf, interpolate, scriptOf, timeoutSecondsOf } from './interpolate.ts';
import { runShellScript, type ScriptOutcome } from './run-shell-script.ts';

/** What running a document needs besides the command. */
export interface RunContext {
  readonly instance: SandboxInstance;
  readonly clock: ScaledClock;
  readonly abortSignal: AbortSignal;
  /** Where the instance's metadata is to be had, for AWS's own clients; `undefined`: nowhere. */
  readonly metadataEndpoint: string | undefined;
  /** Calls with the steps done so far, after each. */
  readonly onStep: (steps: readonly StepResult[]) => void;
}

/** Folder inside the instance where the agent keeps a command's scripts. */
export function orchestrationFolder(instanceId: string, commandId: string): string {
  return `/var/lib/amazon/ssm/${instanceId}/document/orchestration/${commandId}`;
}

/** Runs the command's steps in order; `undefined` where the instance ended under one. */
export async function runDocument(command: Command, context: RunContext): Promise<readonly StepResult[] | undefined> {
  const results: StepResult[] = [];
  let skipping = false;
  for (const step of command.document.content.steps) {
    if ((skipping && !step.finallyStep) || !step.applies) continue;
    const result = await runStep(command, step, context);
    if (result === undefined) return undefined;
    results.push(result);
    context.onStep([...results]);
    if (context.abortSignal.aborted) break;
    // Without being told so, the agent goes on after a failed step.
    const leave = result.status === 'Success' ? step.onSuccess : step.onFailure;
    skipping ||= leave === 'exit' || leave === 'successAndExit';
  }
  return results;
}

/** The invocation's status: of its steps the worst; a step that says `successAndExit` forgives its failure. */
export function statusOfSteps(command: Command, results: readonly StepResult[]): StatusWithDetails {
  const counted = results.filter(({ name, status }) => {
    const step = command.document.content.steps.find((one) => one.name === name);
    return !(status === 'Failed' && step?.onFailure === 'successAndExit');
  });
  for (const status of ['Cancelled', 'TimedOut', 'Failed'] as const) {
    const worst = counted.find((result) => result.status === status);
    if (worst !== undefined) return { status, details: worst.details };
  }
  return { status: 'Success', details: 'Success' };
}

async function runStep(command: Command, step: DocumentStep, context: RunContext): Promise<StepResult | undefined> {
  const { clock } = context;
  const startedAtMillis = clock.nowMillis();
  const startedAtRealMillis = Date.now();
  const outcome = await act(command, step, context);
  if (outcome === undefined) return undefined;
  return {
    ...outcome,
    name: step.name,
    startedAtMillis,
    finishedAtMillis: clock.nowMillis(),
    elapsedRealMillis: Date.now() - startedAtRealMillis,
  };
}

function act(command: Command, step: DocumentStep, context: RunContext): Promise<ScriptOutcome | undefined> {
  switch (step.action) {
    case 'aws:runShellScript':
      return runScript(command, step, context);
    case 'aws:configurePackage':
      return configurePackage(context.instance, context.abortSignal);
  }
}

function runScript(command: Command, step: ShellStep, context: RunContext): Promise<ScriptOutcome | undefined> {
  const { content } = command.document;
  const { instance, metadataEndpoint } = context;
  return runShellScript({
    instance,
    folder: `${orchestrationFolder(instance.instanceId, command.id)}/${step.name}`,
    text: scriptOf(content, command.values, step),
    workingDirectory: interpolate(content, command.values, step.workingDirectory),
    environment: {
      ...environmentOf(content, command.values),
      ...(metadataEndpoint === undefined ? {} : { AWS_EC2_METADATA_SERVICE_ENDPOINT: metadataEndpoint }),
      SSM_COMMAND_ID: command.id,
      AWS_SSM_INSTANCE_ID: instance.instanceId,
      AWS_SSM_REGION_NAME: 'us-east-1',
    },
    timeoutSeconds: timeoutSecondsOf(content, command.values, step),
    abortSignal: context.abortSignal,
  });
}
