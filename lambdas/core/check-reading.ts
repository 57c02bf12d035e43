import type { SymptomReading } from './facts.ts';
import { redact } from './redact.ts';

/** How a command ended on the instance, as far as SSM says. */
export interface CommandResult {
  /** `undefined` where SSM gave none: timed out, cancelled, undeliverable. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly statusDetails: string;
}

/** A check's exit code decides: 0 healthy, 1 unhealthy, anything else unknown. */
export function readCheck({ exitCode, stdout, stderr, statusDetails }: CommandResult): SymptomReading {
  const line = firstLine(stdout);
  switch (exitCode) {
    case 0:
      return line === ''
        ? { verdict: 'unknown', evidence: 'the check gave no evidence' }
        : { verdict: 'healthy', evidence: line };
    case 1:
      return line === ''
        ? { verdict: 'unknown', evidence: 'the check gave no evidence' }
        : { verdict: 'unhealthy', evidence: line };
    default:
      return { verdict: 'unknown', evidence: line || firstLine(stderr) || `the check ended ${statusDetails}` };
  }
}

function firstLine(text: string): string {
  return redact((text.split('\n', 1)[0] ?? '').slice(0, 200));
}
