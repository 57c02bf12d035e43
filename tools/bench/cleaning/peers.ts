import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PrerequisiteError } from '../../../sandbox/prerequisites.ts';

/** The programs that ours is measured beside, and where they come from. */
const PEERS: Readonly<Record<string, string>> = {
  find: 'apt-get install findutils',
  tmpreaper: 'apt-get install tmpreaper systemd',
  'systemd-tmpfiles': 'apt-get install tmpreaper systemd',
  'mkfs.ext4': 'apt-get install e2fsprogs',
};

/** Throws a PrerequisiteError where a peer is absent: a comparison with nothing would prove nothing. */
export function requirePeers(path = process.env['PATH'] ?? ''): void {
  const missing = Object.keys(PEERS).filter(
    (name) => !path.split(delimiter).some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length > 0) {
    throw new PrerequisiteError(missing.map((name) => `${name}, which is measured beside ours: ${PEERS[name] ?? ''}`));
  }
}
