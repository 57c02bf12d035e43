import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { slices } from '../../remedies/index.ts';
import type { Parameter, Slice } from '../../remedies/slice.ts';
import type { Config } from './config.ts';

const ID = /^[a-z]+(-[a-z]+)*$/;

/** What is wrong with the operator's own remedies, one sentence each that says what to mend; empty: nothing. */
export function ownRemedyProblems({ ownRemedies }: Config): string[] {
  if (ownRemedies === undefined || !Array.isArray(ownRemedies.slices)) return [];
  const taken = slices.map(({ id }) => id);
  return ownRemedies.slices.flatMap((slice, place) => {
    const name = `ownRemedies.slices.${place}`;
    if (!ID.test(slice.id)) {
      return [`${name}: its id is ${JSON.stringify(slice.id)}; allowed are lower-case words joined by hyphens`];
    }
    if (taken.includes(slice.id)) return [`${name}: the id ${slice.id} is taken; give it another`];
    taken.push(slice.id);
    return [...missingScripts(slice, ownRemedies.folder), ...alarmProblems(slice), ...patternProblems(slice)];
  });
}

function missingScripts(slice: Slice, folder: string): string[] {
  const scripts = ['check.sh', 'repair.sh', ...('script' in slice.undo ? [slice.undo.script] : [])];
  return scripts
    .map((script) => join(folder, slice.id, script))
    .filter((path) => !existsSync(path))
    .map((path) => `the own remedy ${slice.id} has no script at ${path}`);
}

function alarmProblems({ id, detection }: Slice): string[] {
  const missing = detection.groupBy.filter((dimension) => !detection.dimensions.includes(dimension));
  return [
    ...missing.map(
      (dimension) =>
        `the own remedy ${id} groups by ${dimension}, which is not among its dimensions ${detection.dimensions.join(', ')}`,
    ),
    ...(detection.datapointsToAlarm > detection.evaluationPeriods
      ? [
          `the own remedy ${id} wants ${detection.datapointsToAlarm} datapoints of ${detection.evaluationPeriods} periods; its alarm could never fire`,
        ]
      : []),
  ];
}

/** S14: a pattern is held against what its slice says that it accepts and rejects. */
function patternProblems({ id, parameters }: Slice): string[] {
  return Object.entries(parameters).flatMap(([name, parameter]) =>
    contradictions(parameter).map((problem) => `the own remedy ${id}: ${name} ${problem}`),
  );
}

function contradictions({ pattern, accepts, rejects }: Parameter): string[] {
  if (!/^\^.*\$$/.test(pattern)) return [`has the pattern ${pattern}; allowed is one for the whole value, from ^ to $`];
  const matches = (value: string): boolean => new RegExp(pattern).test(value);
  return [
    ...accepts.filter((value) => !matches(value)).map((value) => `should accept ${JSON.stringify(value)}`),
    ...rejects.filter(matches).map((value) => `should reject ${JSON.stringify(value)}`),
  ].map((problem) => `${problem}, says its slice, but its pattern ${pattern} does not`);
}
