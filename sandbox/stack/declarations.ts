import { listOf, numberOf, optionalText, recordOf, textOf } from './properties.ts';

type Properties = Readonly<Record<string, unknown>>;

/** An event rule: a pattern or a schedule, and the functions that it starts. */
export interface EventRule {
  readonly pattern?: unknown;
  readonly everySeconds?: number;
  readonly targetArns: readonly string[];
}

/** A source whose records invoke a function. */
export interface SourceMapping {
  readonly sourceArn: string;
  readonly functionArn: string;
  readonly batchSize: number;
}

/** Who may invoke a function beside its account's own roles. */
export interface InvokePermission {
  readonly functionArn: string;
  readonly principal: string;
  readonly sourceArn?: string;
}

export function ruleOf(properties: Properties): EventRule {
  const pattern = properties['EventPattern'];
  const schedule = optionalText(properties['ScheduleExpression']);
  return {
    targetArns: listOf(properties['Targets']).map((target) => textOf(recordOf(target)['Arn'], 'a target')),
    ...(pattern === undefined ? {} : { pattern }),
    ...(schedule === undefined ? {} : { everySeconds: secondsOf(schedule) }),
  };
}

export function mappingOf(properties: Properties): SourceMapping {
  return {
    sourceArn: textOf(properties['EventSourceArn'], 'EventSourceArn'),
    functionArn: textOf(properties['FunctionName'], 'FunctionName'),
    batchSize: numberOf(properties['BatchSize'], 10),
  };
}

export function permissionOf(properties: Properties): InvokePermission {
  const sourceArn = optionalText(properties['SourceArn']);
  return {
    functionArn: textOf(properties['FunctionName'], 'FunctionName'),
    principal: textOf(properties['Principal'], 'Principal'),
    ...(sourceArn === undefined ? {} : { sourceArn }),
  };
}

/** The access key that a function's AWS calls carry, whatever its version. */
export function accessKeyOf(functionName: string): string {
  return `AKIA${functionName.replace(/[^A-Za-z0-9]/g, '').toUpperCase()}`;
}

function secondsOf(schedule: string): number {
  const match = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(schedule);
  const unit = { minute: 60, hour: 3600, day: 86_400 }[match?.[2] ?? ''];
  if (match === null || unit === undefined)
    throw new Error(`the sandbox knows schedules of the form rate(5 minutes), got ${schedule}`);
  return Number(match[1]) * unit;
}
