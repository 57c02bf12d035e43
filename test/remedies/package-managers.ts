import { cpSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';

/** Programs of the distributions, and the packages of Debian's archive that have them. */
const PROGRAMS = { dnf: 'dnf', zypper: 'zypper', rpm: 'rpm', rpmbuild: 'rpm', createrepo_c: 'createrepo-c' } as const;

/** Throws unless this machine has the package managers: it says by name what is missing. */
export function requirePackageManagers(): void {
  const missing = Object.entries(PROGRAMS).filter(([program]) => !existsSync(`/usr/bin/${program}`));
  if (missing.length === 0) return;
  const [programs, packages] = [missing.map(([program]) => program), new Set(missing.map(([, name]) => name))];
  throw new Error(`there is no ${programs.join(', ')}: apt-get install ${[...packages].join(' ')}`);
}

/**
 * Runs bash in a namespace, whose package managers write to its own file systems alone, with the functions of `package-managers.sh`.
 */
export async function bringPackageManagers(namespace: Namespace): Promise<(bash: string) => Promise<string>> {
  cpSync(join(import.meta.dirname, 'package-managers.sh'), join(namespace.given, 'package-managers.sh'));
  const make = (bash: string) => namespace.ask(`. /given/package-managers.sh\n${bash}`);
  await make('prepare_package_managers');
  return make;
}
