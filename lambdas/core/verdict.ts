import type { SymptomReading } from './facts.ts';
import type { Outcome } from './reasons.ts';
import { assertNever } from './assert-never.ts';

/** The outcome that a reading of the symptom's check gives a remediation; only evidence makes it recovered (S29). */
export function outcomeOf(reading: SymptomReading): Outcome {
  switch (reading.verdict) {
    case 'healthy':
      return 'recovered';
    case 'unhealthy':
      return 'not-recovered';
    case 'unknown':
      return 'unknown';
    default:
      return assertNever(reading.verdict);
  }
}
