import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ChorePurpose, Purpose } from '../lambdas/core/purpose.ts';
import { usedBy } from './used-functions.ts';
import { SYSTEM_PARAMETERS } from '../lambdas/core/script-parameters.ts';
import type { Parameter, Slice } from '../remedies/slice.ts';

/** Where the system's own slices and what stands before all scripts lie. */
export const REMEDIES = join(import.meta.dirname, '../remedies');
/** What a script that cleans is made of. */
export const CLEANING = ['manifest.sh', 'held-files.sh', 'cleaning.sh'] as const;

/** What a command document carries. */
interface Carried {
  readonly id: string;
  readonly purpose: Purpose | ChorePurpose;
  readonly parameters: Readonly<Record<string, Parameter>>;
  readonly timeoutSeconds: number;
  readonly script: string;
}

/** The purposes that a slice has a script for. */
export function purposesOf(slice: Slice): Purpose[] {
  return 'script' in slice.undo ? ['check', 'repair', 'undo'] : ['check', 'repair'];
}

/** An SSM command document of schema 2.2 that carries one script of a slice, whose folder lies in `folder`. */
export function documentContent(slice: Slice, purpose: Purpose, folder = REMEDIES): Record<string, unknown> {
  return commandContent({
    id: slice.id,
    purpose,
    parameters: slice.parameters,
    timeoutSeconds: purpose === 'check' ? slice.checkTimeoutSeconds : slice.repairTimeoutSeconds,
    script: scriptOf(slice, purpose, folder),
  });
}

/** An SSM command document of schema 2.2 that carries one script. */
export function commandContent({ id, purpose, parameters, timeoutSeconds, script }: Carried): Record<string, unknown> {
  const own = Object.entries(parameters).map(([name, { pattern }]) => [name, pattern] as const);
  const all = [...Object.entries(SYSTEM_PARAMETERS), ...own];
  return {
    schemaVersion: '2.2',
    description: `self-healing: ${purpose} of ${id}`,
    parameters: Object.fromEntries(all.map(([name, pattern]) => [name, declaration(pattern)])),
    mainSteps: [
      {
        action: 'aws:runShellScript',
        name: purpose,
        precondition: { StringEquals: ['platformType', 'Linux'] },
        inputs: {
          timeoutSeconds: String(timeoutSeconds),
          // one text, for each line of its own would cost what a long script has not left
          runCommand: [script],
        },
      },
    ],
  };
}

/** Agents hand the value over as the environment variable `SSM_<name>`; one that may be empty is left out when it is. */
function declaration(allowedPattern: string): Record<string, unknown> {
  const preset = new RegExp(allowedPattern).test('') ? { default: '' } : {};
  return { type: 'String', interpolationType: 'ENV_VAR', allowedPattern, ...preset };
}

/**
 * A whole script: shebang, of what scripts share what this one uses, what the slice's scripts share (`library.sh`, if there is
 * one); where something is repaired the symptom's check as a function; the script itself.
 * The agent runs `sh -c <path>`, so that the shebang must be line 1.
 */
export function scriptOf(slice: Slice, purpose: Purpose, folder = REMEDIES): string {
  const own = (name: string): string => body(join(folder, slice.id, name));
  const takesServices = Object.values(slice.parameters).some(({ source }) => source.from === 'services');
  const chosen =
    purpose === 'repair' ? (slice.shares ?? []).flatMap((name) => (name === 'cleaning.sh' ? CLEANING : [name])) : [];
  const names = ['preamble.sh', 'processes.sh', ...(takesServices ? ['services.sh'] : []), ...chosen];
  const library = existsSync(join(folder, slice.id, 'library.sh')) ? [own('library.sh')] : [];
  const check = purpose === 'repair' ? ['symptom_check() (', own('check.sh'), ')'] : [];
  const parts = [...library, ...check, own(`${purpose}.sh`)];
  const shared = usedBy(parts.join('\n'), names.map((name) => body(join(REMEDIES, name))).join('\n'));
  return `${['#!/usr/bin/env bash', withoutIndentation(shared), ...parts].join('\n')}\n`;
}

/** A script of ours without its indentation, which no text of it depends on: together they come near what a document holds. */
function withoutIndentation(script: string): string {
  return script.replace(/^ +/gm, '');
}

/** A script without its shebang, comment lines and empty lines: a document holds 64 KB. */
export function body(path: string): string {
  const text = readFileSync(path, 'utf8');
  if (text.includes('{{')) throw new Error(`${path} contains "{{", which SSM would take for a parameter`);
  return text
    .split('\n')
    .filter((line) => !/^\s*(#.*)?$/.test(line))
    .join('\n');
}
