import type { z } from 'zod';
import { quote } from '../../lambdas/core/quote.ts';

/** A sentence of what is wrong in `input`, called `whole` where it is wrong as a whole; `allowed` are the keys of that place. */
export function describeIssue(issue: z.core.$ZodIssue, input: unknown, whole: string, allowed: string): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => JSON.stringify(key)).join(', ');
    return `unknown key ${keys}${place && ` in ${place}`}${allowed && `; ${allowed}`}`;
  }
  const value = valueAt(input, issue.path);
  return `${place || whole} is ${value === undefined ? 'missing' : quote(value)}: ${lowerFirst(issue.message)}`;
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((at, key) => {
    if (typeof at !== 'object' || at === null) return undefined;
    return Object.entries(at).find(([name]) => name === String(key))?.[1];
  }, input);
}

/** A text that goes on after a colon. */
export const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
