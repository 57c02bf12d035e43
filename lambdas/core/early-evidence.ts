import * as z from 'zod/mini';
import type { Evidence } from './evidence.ts';
import { redactEvidence } from './redact.ts';

const MARK = 'evidence-before-act: ';
const early = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

/** What a script saw right before it first acted: told at once, so that it is not lost with a script that is killed. */
export function earlyEvidence(stderr: string): Evidence | undefined {
  const line = stderr.split('\n').find((one) => one.startsWith(MARK));
  if (line === undefined) return undefined;
  try {
    const parsed = early.safeParse(JSON.parse(line.slice(MARK.length)));
    return parsed.success ? redactEvidence(parsed.data) : undefined;
  } catch {
    // cut where SSM cuts: what is left of it is no evidence
    return undefined;
  }
}

/** What else a script wrote to its standard error. */
export function withoutEarlyEvidence(stderr: string): string {
  return stderr
    .split('\n')
    .filter((one) => !one.startsWith(MARK))
    .join('\n');
}
