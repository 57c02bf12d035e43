/** What `remediate-incident` is started with: exactly this, so that a repeated start is the same start. */
export interface Remediation {
  readonly incidentId: string;
  readonly run: number;
}

/** Name under which an execution starts once: 64 characters at most, from `[A-Za-z0-9-]`. */
export function executionName({ incidentId, run }: Remediation): string {
  return `${incidentId}-run-${run}`;
}
