import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { PrerequisiteError } from '../../sandbox/prerequisites.ts';

type Peers = Readonly<Record<string, string>>;

/** The programs that cleaning is measured beside, and where they come from. */
export const CLEANING_PEERS: Peers = {
  find: 'apt-get install findutils',
  tmpreaper: 'apt-get install tmpreaper systemd',
  'systemd-tmpfiles': 'apt-get install tmpreaper systemd',
  'mkfs.ext4': 'apt-get install e2fsprogs',
};

/** The same of memory; the package has a daemon started that stops processes, and one file of it is enough. */
export const MEMORY_PEERS: Peers = {
  earlyoom:
    'apt-get download earlyoom && dpkg-deb -x earlyoom_*.deb <folder>, and <folder>/usr/bin on PATH (apt-get install earlyoom starts its daemon as well)',
};

/** Throws a PrerequisiteError where a peer is absent: a comparison with nothing would prove nothing. */
export function requirePeers(peers: Peers, path = process.env['PATH'] ?? ''): void {
  const missing = Object.keys(peers).filter(
    (name) => !path.split(delimiter).some((folder) => existsSync(join(folder, name))),
  );
  if (missing.length > 0) {
    throw new PrerequisiteError(missing.map((name) => `${name}, which is measured beside ours: ${peers[name] ?? ''}`));
  }
}
