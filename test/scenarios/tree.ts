import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { World } from './world.ts';

const script = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8');

/** Fills an instance's root disk with names that break careless scripts; each says whether it goes or stays. */
export async function growHostileTree(world: World, instanceId: string): Promise<void> {
  await world.look(instanceId, script('hostile-tree.sh'));
}

/**
 * Every file of an instance's own disks, one line each, path last: kind, mode, owner, links, size, times, target; then digests of contents.
 * Of folders only kind, mode and owner: what goes from a folder changes the rest.
 */
export async function listTree(world: World, instanceId: string): Promise<string[]> {
  const listed = await world.look(instanceId, script('list-tree.sh'));
  return Buffer.from(listed, 'base64').toString('latin1').split('\0').slice(0, -1);
}
