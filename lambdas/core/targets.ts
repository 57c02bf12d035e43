import { type Detecting, detecting, isAct, type Remedy } from '../../remedies/slice.ts';
import { assertNever } from './assert-never.ts';
import type { Fingerprint } from './incident.ts';
import { alarmName, earlyAlarmName } from './names.ts';
import { quote } from './quote.ts';
import type { Service } from './services.ts';

/** The slice whose alarm this is; `undefined`: a foreign alarm. */
export function sliceOfAlarm(name: string, stack: string, slices: readonly Remedy[]): Detecting | undefined {
  return detecting(slices).find(({ id }) => alarmName(stack, id) === name);
}

/** The slice of whose symptom this alarm warns; `undefined`: it is another alarm. */
export function sliceOfEarlyAlarm(name: string, stack: string, slices: readonly Remedy[]): Detecting | undefined {
  return detecting(slices).find(
    ({ id, detection }) => detection.early !== undefined && earlyAlarmName(stack, id) === name,
  );
}

const INSTANCE_ID = /^i-[0-9a-f]{8,17}$/;

/** Whether the text has the form of an instance id; wildcards and empty text have not (S1). */
export function isInstanceId(text: unknown): text is string {
  return typeof text === 'string' && INSTANCE_ID.test(text);
}

/** The incident that a contributor's dimensions are about; a sentence says what is wrong where they name none. */
export function fingerprintOf(
  slice: Detecting,
  dimensions: Readonly<Record<string, string>>,
): { readonly fingerprint: Fingerprint } | { readonly problem: string } {
  const id = dimensions['InstanceId'];
  if (!isInstanceId(id)) {
    return { problem: `InstanceId is ${quote(id ?? null)}, allowed is i- and 8 to 17 hexadecimal digits` };
  }
  const partDimension = slice.detection.groupBy[1];
  const part = partDimension === undefined ? '' : dimensions[partDimension];
  if (part === undefined) return { problem: `${partDimension} of ${id} is missing` };
  const wrong = partProblem(slice, part);
  if (wrong !== undefined) return { problem: wrong };
  return { fingerprint: { target: { kind: 'instance', id }, part, symptom: slice.symptom } };
}

/** What is wrong with a part for this slice's scripts; `undefined`: nothing. */
export function partProblem(slice: Detecting, part: string): string | undefined {
  const parameters = isAct(slice) ? [] : Object.values(slice.parameters);
  const parameter = parameters.find(({ source }) => source.from === 'part');
  if (parameter === undefined) return part === '' ? undefined : `${slice.symptom} has no parts, got ${quote(part)}`;
  if (new RegExp(parameter.pattern).test(part)) return undefined;
  return `part is ${JSON.stringify(part.slice(0, 80))}, allowed is ${parameter.pattern}, for example ${parameter.accepts[0]}`;
}

/** The part that a person means who names none; `undefined`: only a person can say which. */
export function defaultPart({ detection }: Detecting): string | undefined {
  const dimension = detection.groupBy[1];
  switch (dimension) {
    case undefined:
      return '';
    case 'path':
      return '/';
    case 'service':
      return undefined;
    default:
      return assertNever(dimension);
  }
}

/** What is wrong with a part that a person asked for; `undefined`: nothing. */
export function askedPartProblem(
  slice: Detecting,
  part: string | undefined,
  services: readonly Service[],
): string | undefined {
  if (slice.detection.groupBy[1] !== 'service') return partProblem(slice, part ?? '');
  const units = services.map(({ unit }) => unit);
  if (part !== undefined && units.includes(part)) return undefined;
  const allowed = units.length === 0 ? 'nothing: the configuration names no services' : units.join(', ');
  return `"part" is ${part === undefined ? 'missing' : JSON.stringify(part.slice(0, 80))}, allowed is ${allowed}`;
}
