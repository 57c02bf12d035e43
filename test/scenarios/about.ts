import type { Fingerprint } from '../../lambdas/core/incident.ts';

/** Whether a record is about an instance, and about a symptom if one is named. */
export const about =
  (instanceId: string, symptom?: string) =>
  ({ fingerprint }: { readonly fingerprint: Fingerprint }): boolean =>
    fingerprint.target.id === instanceId && (symptom === undefined || fingerprint.symptom === symptom);
