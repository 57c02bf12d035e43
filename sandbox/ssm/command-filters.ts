import type { Command, StatusWithDetails } from './commands.ts';
import { isFinal } from './commands.ts';
import type { Input } from './input.ts';
import { objectListField, requiredString } from './input.ts';
import { SsmError } from './ssm-error.ts';

/** Tests of ListCommands and ListCommandInvocations by their `Filters`; fails with InvalidFilterKey. */
export function commandFilter(input: Input): (command: Command, state: StatusWithDetails) => boolean {
  const tests = objectListField(input, 'Filters').map((filter) =>
    test(requiredString(filter, 'key'), requiredString(filter, 'value')),
  );
  return (command, state) => tests.every((holds) => holds(command, state));
}

function test(key: string, value: string): (command: Command, state: StatusWithDetails) => boolean {
  switch (key) {
    case 'InvokedAfter': {
      const afterMillis = moment(value);
      return (command) => command.requestedAtMillis > afterMillis;
    }
    case 'InvokedBefore': {
      const beforeMillis = moment(value);
      return (command) => command.requestedAtMillis < beforeMillis;
    }
    case 'Status':
      return (_, state) => state.status === value;
    case 'ExecutionStage':
      return (_, state) => isFinal(state) === (value === 'Complete');
    case 'DocumentName':
      return (command) => command.documentName === value || command.document.name === value;
    default:
      throw new SsmError(
        'InvalidFilterKey',
        `the filter key ${key} is not InvokedAfter, InvokedBefore, Status, ExecutionStage or DocumentName`,
      );
  }
}

function moment(value: string): number {
  const millis = Date.parse(value);
  if (Number.isNaN(millis))
    throw new SsmError('InvalidFilterKey', `the filter's value ${value} is not an ISO 8601 time`);
  return millis;
}
