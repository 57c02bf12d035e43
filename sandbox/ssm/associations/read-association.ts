import type { Documents } from '../documents.ts';
import type { Input } from '../input.ts';
import { objectListField, requiredString, stringField, stringListField } from '../input.ts';
import { givenParameters, resolveParameters } from '../parameters.ts';
import { SsmError } from '../ssm-error.ts';
import type { Target } from '../targets.ts';
import type { AssociationContent } from './association.ts';

const LEAST_RATE_SECONDS = 1800;

/** What CreateAssociation or UpdateAssociation says; fails as AWS does where it cannot be. */
export function readAssociation(input: Input, documents: Documents): AssociationContent {
  const document = documents.get(requiredString(input, 'Name'), stringField(input, 'DocumentVersion'));
  const given = givenParameters(input);
  const scheduleExpression = stringField(input, 'ScheduleExpression');
  return {
    input,
    associationName: stringField(input, 'AssociationName'),
    document,
    given,
    values: resolveParameters(document.content.parameters, given),
    target: readTarget(input),
    rateControls: {
      maxConcurrency: rate(input, 'MaxConcurrency', /^([1-9][0-9]{0,6}|[1-9][0-9]?%|100%)$/) ?? '100%',
      maxErrors: rate(input, 'MaxErrors', /^(0|[1-9][0-9]{0,6}|[0-9]%|[1-9][0-9]%|100%)$/) ?? '100%',
    },
    scheduleExpression,
    everySeconds: scheduleExpression === undefined ? undefined : rateSeconds(scheduleExpression),
  };
}

function readTarget(input: Input): Target {
  const targets = objectListField(input, 'Targets').map((target) => ({
    Key: requiredString(target, 'Key'),
    Values: stringListField(target, 'Values'),
  }));
  const [target] = targets;
  if (target === undefined || targets.length > 1 || target.Values.length === 0) {
    throw new SsmError(
      'InvalidTarget',
      `an association has one target with values here, got ${JSON.stringify(targets)}`,
    );
  }
  if (target.Key !== 'InstanceIds' && !target.Key.startsWith('tag:')) {
    throw new SsmError('InvalidTarget', `the target key ${target.Key} is not InstanceIds or tag:<name>`);
  }
  return target;
}

function rate(input: Input, name: string, pattern: RegExp): string | undefined {
  const value = stringField(input, name);
  if (value === undefined || pattern.test(value)) return value;
  throw new SsmError('ValidationException', `1 validation error detected: ${name} is ${value}, not ${pattern.source}`);
}

function rateSeconds(expression: string): number {
  const [, amount, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const seconds = Number(amount) * ({ minute: 60, hour: 3600, day: 86_400 }[unit] ?? Number.NaN);
  if (seconds >= LEAST_RATE_SECONDS) return seconds;
  throw new SsmError(
    'InvalidSchedule',
    `the schedule ${expression} is not a rate of 30 minutes or more, all that runs here`,
  );
}
