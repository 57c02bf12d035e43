import { createHash } from 'node:crypto';
import type { ActAnswer } from './contract.ts';

/** What a script saw before it acted and after, by name. */
export type Evidence = Readonly<Record<string, string | readonly string[]>>;

/** Evidence under its own digest: whoever has the digest can tell whether the evidence was changed. */
export interface KeptEvidence {
  /** SHA-256 of the evidence as JSON with its names in order, hexadecimal. */
  readonly digest: string;
  readonly evidence: Evidence;
}

/** Partition key of kept evidence in the audit table. */
export const evidenceSubject = (digest: string): string => `evidence#${digest}`;

/** The evidence of an answer by its digest, and the answer without it: what many records may cite is kept once. */
export function keepEvidence(answer: ActAnswer): {
  readonly answer: ActAnswer;
  readonly kept?: KeptEvidence;
} {
  switch (answer.kind) {
    case 'reported': {
      const { evidence, ...report } = answer.report;
      return evidence === undefined ? { answer } : { answer: { ...answer, report }, kept: keep(evidence) };
    }
    case 'unknown': {
      const { evidence, ...rest } = answer;
      return evidence === undefined ? { answer } : { answer: rest, kept: keep(evidence) };
    }
    case 'refused':
    case 'not-started':
    case 'checked':
    case 'changed':
      return { answer };
  }
}

/** The digest under which the same evidence is always kept. */
export function evidenceDigest(evidence: Evidence): string {
  const inOrder = Object.entries(evidence).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(inOrder)).digest('hex');
}

const keep = (evidence: Evidence): KeptEvidence => ({ digest: evidenceDigest(evidence), evidence });
