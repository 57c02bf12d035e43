import type { Command } from './commands.ts';
import { commandStatus, isFinal } from './commands.ts';
import type { Input } from './input.ts';

/** A command as SendCommand and ListCommands return it. */
export function describeCommand(command: Command): Input {
  const { status, details } = commandStatus(command);
  const states = command.invocations.map(({ state }) => state);
  return {
    CommandId: command.id,
    DocumentName: command.documentName,
    DocumentVersion: command.documentVersion,
    Comment: command.comment,
    ExpiresAfter: command.expiresAtMillis / 1000,
    Parameters: command.given,
    InstanceIds: command.instanceIds,
    Targets: command.targets,
    RequestedDateTime: command.requestedAtMillis / 1000,
    Status: status,
    StatusDetails: details,
    OutputS3Region: 'us-east-1',
    OutputS3BucketName: '',
    OutputS3KeyPrefix: '',
    MaxConcurrency: '50',
    MaxErrors: '0',
    TargetCount: states.length,
    CompletedCount: states.filter(isFinal).length,
    ErrorCount: states.filter((state) => state.status === 'Failed' || state.details === 'ExecutionTimedOut').length,
    DeliveryTimedOutCount: states.filter((state) => state.details === 'DeliveryTimedOut').length,
    ServiceRole: '',
    NotificationConfig: { NotificationArn: '', NotificationEvents: [], NotificationType: '' },
    CloudWatchOutputConfig: { CloudWatchLogGroupName: '', CloudWatchOutputEnabled: false },
    TimeoutSeconds: command.timeoutSeconds,
  };
}
