import { commandFilter } from './command-filters.ts';
import type { Command } from './commands.ts';
import { commandStatus } from './commands.ts';
import { describeCommand } from './describe-command.ts';
import type { Input } from './input.ts';
import { stringField } from './input.ts';
import { paginate } from './paginate.ts';

/** ListCommands, newest first. */
export function listCommands(commands: readonly Command[], input: Input): Input {
  const commandId = stringField(input, 'CommandId');
  const instanceId = stringField(input, 'InstanceId');
  const passes = commandFilter(input);
  const matching = commands.filter(
    (command) =>
      (commandId === undefined || command.id === commandId) &&
      (instanceId === undefined || command.invocations.some((invocation) => invocation.instanceId === instanceId)) &&
      passes(command, commandStatus(command)),
  );
  const { page, nextToken } = paginate(input, matching.toReversed());
  return { Commands: page.map(describeCommand), NextToken: nextToken };
}
