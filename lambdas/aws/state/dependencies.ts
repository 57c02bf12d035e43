import { known, type Read, unreadable } from '../../core/facts.ts';
import type { Fingerprint } from '../../core/incident.ts';
import { comesAfter, type DependencyDown, dependenciesDown, type Service } from '../../core/services.ts';
import { listIncidents } from './incidents.ts';

/** What a service comes after and what is down on other instances; nothing is asked for where it comes after nothing. */
export async function readDependenciesDown(
  fingerprint: Fingerprint,
  services: readonly Service[],
): Promise<Read<readonly DependencyDown[]>> {
  if (comesAfter(fingerprint.part, services).length === 0) return known([]);
  try {
    return known(dependenciesDown(fingerprint, services, await listIncidents()));
  } catch (error) {
    return unreadable(String(error));
  }
}
