import type { Command, StepResult } from './commands.ts';
import { isFinal } from './commands.ts';
import { cutStderr, cutStdout } from './cut-output.ts';
import type { Input } from './input.ts';
import { requiredString, stringField } from './input.ts';
import { SsmError } from './ssm-error.ts';

/** Real milliseconds after SendCommand during which its invocations are not found yet. */
const INVISIBLE_MILLIS = 50;
/** Until a step has ended. */
const NOT_STARTED = -1;

/** GetCommandInvocation. */
export function getCommandInvocation(commands: readonly Command[], input: Input): Input {
  const commandId = requiredString(input, 'CommandId');
  const instanceId = requiredString(input, 'InstanceId');
  const command = commands.find(({ id }) => id === commandId);
  const invocation = command?.invocations.find((one) => one.instanceId === instanceId);
  if (!command || !invocation || Date.now() - command.sentAtRealMillis < INVISIBLE_MILLIS) {
    throw new SsmError('InvocationDoesNotExist', '');
  }
  const stepName = chooseStep(command, stringField(input, 'PluginName'));
  const step = invocation.steps.find(({ name }) => name === stepName);
  // A document of one step: the step's end is the invocation's, which the service learns a moment later.
  const state = command.document.content.steps.length > 1 && step ? step : invocation.state;
  return {
    CommandId: command.id,
    InstanceId: instanceId,
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    PluginName: stepName,
    ResponseCode: isFinal(state) ? (step?.responseCode ?? NOT_STARTED) : NOT_STARTED,
    ...times(step),
    Status: state.status,
    StatusDetails: state.details,
    StandardOutputContent: isFinal(state) ? cutStdout(step?.stdout ?? '') : '',
    StandardOutputUrl: '',
    StandardErrorContent: isFinal(state) ? cutStderr(step?.stderr ?? '') : '',
    StandardErrorUrl: '',
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

/** The step asked for; it must be said where there are several. */
function chooseStep(command: Command, asked: string | undefined): string {
  const names = command.document.content.steps.map(({ name }) => name);
  const chosen = asked ?? (names.length === 1 ? names[0] : undefined);
  if (chosen === undefined || !names.includes(chosen)) {
    throw new SsmError('InvalidPluginName', `the plugin name ${asked ?? '(none)'} is not one of ${names.join(', ')}`);
  }
  return chosen;
}

function times(step: StepResult | undefined): Input {
  if (step === undefined) return { ExecutionStartDateTime: '', ExecutionElapsedTime: '', ExecutionEndDateTime: '' };
  return {
    ExecutionStartDateTime: new Date(step.startedAtMillis).toISOString(),
    ExecutionElapsedTime: `PT${step.elapsedRealMillis / 1000}S`,
    ExecutionEndDateTime: new Date(step.finishedAtMillis).toISOString(),
  };
}
