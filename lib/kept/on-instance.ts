import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { body } from '../document-content.ts';
import { quoted } from '../state-manager/script.ts';
import type { Measurement } from './measurements.ts';

/** Line by which files.sh knows a file as ours, in its first or second line. */
const MARKER = '# Kept by self-healing through State Manager: what is changed here is put back.';
const FOLDER = join(import.meta.dirname, 'on-instance');

/** A unit, or another file without a shebang, as it stands on instances. */
export const keptUnit = (name: string): string => `${MARKER}\n${readFileSync(join(FOLDER, name), 'utf8').trimEnd()}`;

/** A program of our own as it stands on instances, with what it shares with others before it. */
export const keptProgram = (...paths: readonly string[]): string => asProgram(paths.map(body).join('\n'));

/** Where a program lies that stands on instances. */
export const programPath = (name: string): string => join(FOLDER, `${name}.sh`);

/** A remedy's measurement, which finds the remedy's settings in its environment. */
export function keptMeasurement({ script, environment }: Measurement): string {
  const settings = Object.entries(environment).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return asProgram([...settings, script.trimEnd()].join('\n'));
}

/** What run-measurements goes by: where the values go, then each metric and the dimension that tells its parts apart. */
export function measurementList(port: number, measurements: readonly Measurement[]): string {
  const lines = measurements.map(({ metricName, partDimension }) => `${metricName} ${partDimension ?? '-'}`);
  return [MARKER, `port ${port}`, ...lines].join('\n');
}

const asProgram = (text: string): string => `#!/usr/bin/env bash\n${MARKER}\n${text.trimEnd()}`;
