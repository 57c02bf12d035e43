import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { keptScript } from '../../../lib/kept/kept-document.ts';
import { metadataServer } from './metadata-server.ts';
import { findProgram } from './find-program.ts';
import { type RealSystemd, startSystemd } from '../../real-systemd/real-systemd.ts';
import { median } from '../statistics.ts';
import type { Row } from '../table.ts';

/** Each of them runs a program that says who it is; the one is kept by us, the other by monit. */
const UNITS = ['kept', 'watched'] as const;

/** From a service's death until it runs again: by systemd as we have it do, and by monit, which looks every second. */
export async function measureOnHost(times: number): Promise<Row> {
  const monit = findProgram('monit');
  const systemd = await startSystemd();
  try {
    await startUnits(systemd);
    await keep(systemd);
    await startMonit(systemd, monit);
    const waits: Record<(typeof UNITS)[number], number[]> = { kept: [], watched: [] };
    for (let time = 0; time < times; time += 1) {
      for (const unit of UNITS) waits[unit].push(await killAndWait(systemd, unit));
    }
    return { name: 'a killed service runs again', ours: median(waits.kept), bare: median(waits.watched), limit: 1 };
  } finally {
    await systemd.close();
  }
}

async function startUnits({ ask }: RealSystemd): Promise<void> {
  for (const unit of UNITS) {
    await ask(
      `printf '%s\\n' '[Service]' "ExecStart=/bin/sh -c 'echo \\$\\$\\$\\$ >/run/${unit}.pid; exec sleep infinity'" >/etc/systemd/system/${unit}.service
      systemctl daemon-reload; systemctl start ${unit}; until [[ -s /run/${unit}.pid ]]; do sleep 0.05; done`,
    );
  }
}

/** By the document that State Manager runs. */
async function keep({ ask }: RealSystemd): Promise<void> {
  const metadata = await metadataServer({ 'self-healing:stack': 'bench' });
  try {
    const script = keptScript({
      stackName: 'bench',
      keep: { first: 'i-0123456789abcdef0' },
      services: [{ unit: 'kept.service', restartsOnHost: true }],
    });
    await ask(script, { SSM_MustKeep: 'yes', AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.endpoint });
    // so many kills in so short a time are no crash loop
    await ask(
      `printf '[Unit]\\nStartLimitIntervalSec=0\\n' >/etc/systemd/system/kept.service.d/60-bench.conf; systemctl daemon-reload`,
    );
  } finally {
    await metadata.close();
  }
}

async function startMonit({ ask, given }: RealSystemd, program: string): Promise<void> {
  copyFileSync(program, join(given, 'monit'));
  await ask(
    `printf '%s\\n' 'set daemon 1' 'set log /run/monit.log' 'set pidfile /run/monit.pid' 'set idfile /run/monit.id' 'set statefile /run/monit.state' \
      'check process watched with pidfile /run/watched.pid' '  start program = "/bin/systemctl start watched"' >/run/monitrc
    chmod 600 /run/monitrc; chmod 755 /given/monit
    printf '%s\\n' '[Service]' 'ExecStart=/given/monit -I -c /run/monitrc' >/etc/systemd/system/monit.service
    systemctl daemon-reload; systemctl start monit; until grep -q started /run/monit.log 2>/dev/null; do sleep 0.1; done; sleep 2`,
  );
}

/** Milliseconds from the kill, at some moment of monit's second, until another process says that it is the service. */
async function killAndWait({ ask }: RealSystemd, unit: string): Promise<number> {
  const said = await ask(
    `read -r before </run/${unit}.pid; sleep "0.$((RANDOM % 900 + 100))"; began=\${EPOCHREALTIME/./}; kill -KILL "$before"
    until read -r now </run/${unit}.pid && [[ $now != "$before" ]]; do sleep 0.005; done
    echo $(((\${EPOCHREALTIME/./} - began) / 1000)); sleep 1.2`,
  );
  return Number(said);
}
