import { commandFilter } from './command-filters.ts';
import type { Command, Invocation } from './commands.ts';
import { cutPluginOutput } from './cut-output.ts';
import type { Input } from './input.ts';
import { stringField } from './input.ts';
import { paginate } from './paginate.ts';

/** ListCommandInvocations, newest first; with `Details` each step's output. */
export function listCommandInvocations(commands: readonly Command[], input: Input): Input {
  const commandId = stringField(input, 'CommandId');
  const instanceId = stringField(input, 'InstanceId');
  const passes = commandFilter(input);
  const matching = commands
    .toReversed()
    .flatMap((command) =>
      command.invocations
        .filter(
          (invocation) =>
            (commandId === undefined || command.id === commandId) &&
            (instanceId === undefined || invocation.instanceId === instanceId) &&
            passes(command, invocation.state),
        )
        .map((invocation) => describeInvocation(command, invocation, input['Details'] === true)),
    );
  const { page, nextToken } = paginate(input, matching);
  return { CommandInvocations: page, NextToken: nextToken };
}

function describeInvocation(command: Command, invocation: Invocation, details: boolean): Input {
  return {
    CommandId: command.id,
    InstanceId: invocation.instanceId,
    InstanceName: '',
    Comment: command.comment,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    RequestedDateTime: command.requestedAtMillis / 1000,
    Status: invocation.state.status,
    StatusDetails: invocation.state.details,
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    CommandPlugins: details ? command.document.content.steps.map(({ name }) => describeStep(invocation, name)) : [],
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
  };
}

function describeStep(invocation: Invocation, name: string): Input {
  const step = invocation.steps.find((one) => one.name === name);
  if (step === undefined) {
    const { status, details } = invocation.state;
    return { Name: name, Status: status, StatusDetails: details, ResponseCode: -1, Output: '' };
  }
  return {
    Name: name,
    Status: step.status,
    StatusDetails: step.details,
    ResponseCode: step.responseCode,
    ResponseStartDateTime: step.startedAtMillis / 1000,
    ResponseFinishDateTime: step.finishedAtMillis / 1000,
    Output: cutPluginOutput(step.stdout, step.stderr),
    StandardOutputUrl: '',
    StandardErrorUrl: '',
    OutputS3Region: 'us-east-1',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
  };
}
