import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a program of PATH lies; throws where there is none, and says where it comes from. */
export function findProgram(name: string): string {
  const found = (process.env['PATH'] ?? '')
    .split(':')
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
  if (found === undefined) throw new Error(`there is no ${name} on PATH: apt-get install ${name}`);
  return found;
}
