import type { Command } from './commands.ts';
import type { Delivery } from './delivery.ts';
import type { Input } from './input.ts';
import { requiredString, stringListField } from './input.ts';
import { SsmError } from './ssm-error.ts';

/** CancelCommand, on all of the command's instances or on those given. */
export function cancelCommand(commands: readonly Command[], delivery: Delivery, input: Input): Input {
  const commandId = requiredString(input, 'CommandId');
  const command = commands.find(({ id }) => id === commandId);
  if (command === undefined) throw new SsmError('InvalidCommandId', `the command ${commandId} does not exist`);
  const chosen = stringListField(input, 'InstanceIds');
  const unknown = chosen.filter((id) => !command.invocations.some(({ instanceId }) => instanceId === id));
  if (unknown.length > 0) throw new SsmError('InvalidInstanceId', `the command does not run on ${unknown.join(', ')}`);
  for (const invocation of command.invocations) {
    if (chosen.length === 0 || chosen.includes(invocation.instanceId)) delivery.cancel(command, invocation);
  }
  return {};
}
