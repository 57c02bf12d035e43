import type { Evidence } from './evidence.ts';

/**
 * What looks like a secret, as `redact` of remedies/preamble.sh knows it. There it is replaced before it leaves the instance; here
 * again, for a script need not have asked (S31).
 */
const SECRETS: readonly (readonly [RegExp, string])[] = [
  [
    /(pass(?:word|wd|phrase)|pwd|secret|token|credentials?|authorization|bearer|(?:api|access|private|auth)[-_]?key)(?!=\[redacted\])(?:%3D|[\]["\s=:_.-])*[^\][/"\s&;,]+/gi,
    '$1=[redacted]',
  ],
  [/(A[KS]IA)[A-Z0-9]{12,}/g, '$1[redacted]'],
  [/(:\/\/[^/:@\s]*):[^/@\s]+@/g, '$1:[redacted]@'],
  [/(eyJ[A-Za-z0-9_-]{6}|gh[opsu]_|xox[abprs]-)[A-Za-z0-9_.-]+/g, '$1[redacted]'],
];

/** A text in which what looks like a secret is replaced; what an instance redacted stays as it is. */
export function redact(text: string): string {
  return SECRETS.reduce((redacted, [secret, instead]) => redacted.replace(secret, instead), text);
}

/** Evidence in which what looks like a secret is replaced. */
export function redactEvidence(evidence: Evidence): Evidence {
  return Object.fromEntries(
    Object.entries(evidence).map(([name, seen]) => [name, typeof seen === 'string' ? redact(seen) : seen.map(redact)]),
  );
}
