import { cpSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Namespace } from './namespace.ts';

const STAND_INS = join(import.meta.dirname, '../../sandbox/instance/inside/bin');

/** Gives a namespace the sandbox's systemd and journal, and programs whose names tell them apart. */
export async function bringSystemd(namespace: Namespace): Promise<void> {
  const bin = (await namespace.ask('mkdir -p /given/bin; echo /given/bin')).trim();
  for (const name of ['systemctl', 'journalctl']) {
    cpSync(join(STAND_INS, `${name}.sh`), join(namespace.given, 'bin', name));
  }
  await namespace.ask(`chmod +x ${bin}/*; mkdir -p /etc/sandbox-units /run/sandbox-units /run/systemd/system
    echo 0123456789abcdef0123456789abcdef >/etc/machine-id`);
}

/** A unit of these lines, such as `Restart=always`, that runs a bash script of its own name. */
export async function makeUnit(namespace: Namespace, name: string, script: string, lines = ''): Promise<void> {
  await namespace.ask(
    `mkdir -p /srv/bin; cp /usr/bin/bash /srv/bin/${name}; printf '%s\\n' "$SCRIPT" >/srv/bin/${name}.sh
    printf '[Service]\\nExecStart=/srv/bin/%s /srv/bin/%s.sh\\n%s\\n' ${name} ${name} "$LINES" >/etc/sandbox-units/${name}.service`,
    { SCRIPT: script, LINES: lines },
  );
}

/** A port that nobody listens on: namespaces share the machine's. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
