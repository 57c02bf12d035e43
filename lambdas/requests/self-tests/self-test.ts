import type { Policy } from '../../core/policy.ts';

/** What a self-test found, and what would mend it. */
export type Finding =
  | { readonly result: 'passed'; readonly says: string }
  /** Nothing happened yet that would show it. */
  | { readonly result: 'unknown'; readonly says: string; readonly next: string }
  | { readonly result: 'failed'; readonly says: string; readonly next: string };

/** One thing that only a real account can show; reads and changes nothing. Its id is a line of docs/proof.md. */
export interface SelfTest {
  readonly id: string;
  readonly run: (policy: Policy, nowMillis: number) => Promise<Finding>;
}

export const passed = (says: string): Finding => ({ result: 'passed', says });
export const unknown = (says: string, next: string): Finding => ({ result: 'unknown', says, next });
export const failed = (says: string, next: string): Finding => ({ result: 'failed', says, next });

/** Passed where there is no problem, else failed with all of them. */
export function verdict(problems: readonly string[], says: string, next: string): Finding {
  return problems.length === 0 ? passed(says) : failed(problems.join('; '), next);
}
