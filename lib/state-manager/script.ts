import { OPT_IN_TAG, OPT_OUT_TAG } from '../../lambdas/core/names.ts';
import { body } from '../document-content.ts';
import { join } from 'node:path';

/** What a document tells its scripts: a text, or a list of texts. */
export type Told = Readonly<Record<string, string | readonly string[]>>;

/**
 * A whole script of a State Manager document: shebang, what it is told, what all of them share, its own parts. Which instance
 * is whose is told here, not by State Manager, which may reach one that is not opted in.
 */
export function associationScript(stackName: string, told: Told, parts: readonly string[]): string {
  const settings = Object.entries({ stack: stackName, opt_in_tag: OPT_IN_TAG, opt_out_tag: OPT_OUT_TAG, ...told });
  const script = [
    '#!/usr/bin/env bash',
    ...settings.map(([name, value]) => `${name}=${typeof value === 'string' ? quoted(value) : list(value)}`),
    ...[join(import.meta.dirname, 'own-tags.sh'), ...parts].map(body),
    '',
  ].join('\n');
  if (script.includes('{{')) throw new Error('a script contains "{{", which SSM would take for a parameter');
  return script;
}

/** A text as one word of bash, whatever it holds. */
export const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;

const list = (texts: readonly string[]): string => `(${texts.map(quoted).join(' ')})`;
