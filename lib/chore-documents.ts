import { join } from 'node:path';
import type { ChorePurpose } from '../lambdas/core/purpose.ts';
import type { Chore } from '../remedies/chore.ts';
import { choreParameters } from './config/maintenance-policy.ts';
import { usedBy } from './used-functions.ts';
import { CLEANING, body, commandContent, REMEDIES } from './document-content.ts';

export const CHORE_PURPOSES = ['preview', 'clean'] as const satisfies readonly ChorePurpose[];

/** The command document of one purpose of a chore. */
export function choreContent(chore: Chore, purpose: ChorePurpose): Record<string, unknown> {
  return commandContent({
    id: chore.id,
    purpose,
    parameters: choreParameters(chore),
    timeoutSeconds: chore.timeoutSeconds,
    script: choreScript(chore, purpose),
  });
}

/**
 * A whole script. Both purposes carry the same, so that a preview is of what would be done: which of them it is stands in the
 * document itself, and no parameter makes one the other.
 */
export function choreScript({ id }: Chore, purpose: ChorePurpose): string {
  const shared = (name: string): string => body(join(REMEDIES, name));
  const parts = [`act=${purpose}`, shared('chore.sh'), body(join(REMEDIES, id, 'clean.sh'))].join('\n');
  const used = usedBy(parts, ['preamble.sh', ...CLEANING].map(shared).join('\n'));
  return `${['#!/usr/bin/env bash', used, parts].join('\n')}\n`;
}
