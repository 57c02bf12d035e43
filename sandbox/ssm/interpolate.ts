import type { DocumentContent } from './document-content.ts';
import type { DocumentStep, ShellStep } from './document-step.ts';
import type { ParameterValues } from './parameters.ts';

const DEFAULT_TIMEOUT_SECONDS = 3600;
const LEAST_TIMEOUT_SECONDS = 5;
const MOST_TIMEOUT_SECONDS = 172_800;

/** Replaces each `{{ name }}` of a parameter that is not passed by environment; a list becomes JSON. */
export function interpolate(content: DocumentContent, values: ParameterValues, text: string): string {
  return text.replaceAll(/\{\{\s*([\w.:-]+)\s*\}\}/g, (whole, name: string) => {
    const value = content.parameters.get(name)?.byEnvironment === false ? values.get(name) : undefined;
    if (value === undefined) return whole;
    return typeof value === 'string' ? value : JSON.stringify(value);
  });
}

/** The step's script: its lines joined; a line that is nothing but a list parameter becomes that list's lines. */
export function scriptOf(content: DocumentContent, values: ParameterValues, step: ShellStep): string {
  const lines = typeof step.runCommand === 'string' ? [step.runCommand] : step.runCommand;
  const spliced = lines.flatMap((line) => {
    const name = /^\s*\{\{\s*([\w-]+)\s*\}\}\s*$/.exec(line)?.[1];
    const value = name === undefined ? undefined : values.get(name);
    return typeof value === 'object' ? value : [interpolate(content, values, line)];
  });
  return `${spliced.join('\n')}\n`;
}

/** Environment variables of the parameters that are passed so. */
export function environmentOf(content: DocumentContent, values: ParameterValues): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const [name, parameter] of content.parameters) {
    const value = values.get(name);
    if (parameter.byEnvironment && typeof value === 'string') environment[`SSM_${name}`] = value;
  }
  return environment;
}

/** How long a step may run, in seconds; outside of what the agent allows, and for a package, an hour. */
export function timeoutSecondsOf(content: DocumentContent, values: ParameterValues, step: DocumentStep): number {
  if (step.action === 'aws:configurePackage') return DEFAULT_TIMEOUT_SECONDS;
  const seconds = Math.trunc(Number(interpolate(content, values, step.timeoutSeconds)));
  return seconds >= LEAST_TIMEOUT_SECONDS && seconds <= MOST_TIMEOUT_SECONDS ? seconds : DEFAULT_TIMEOUT_SECONDS;
}
