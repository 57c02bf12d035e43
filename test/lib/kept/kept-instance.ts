import { createServer } from 'node:http';
import { createSocket } from 'node:dgram';
import type { Config } from '../../../lib/config/config.ts';
import { keptScript } from '../../../lib/kept/kept-document.ts';
import { metadataService } from '../../../sandbox/metadata-service.ts';
import { type Finished, type RealSystemd, startSystemd } from '../../../tools/real-systemd/real-systemd.ts';

export const FIRST = 'i-0123456789abcdef0';

/** A small instance with this machine's systemd, and the metadata service that tells it its tags. */
export interface KeptInstance extends RealSystemd {
  /** Runs the document's script as of a configuration; of the fleet's association, where nothing else is said. */
  readonly keep: (config: Config, must?: 'yes' | 'no') => Promise<Finished>;
  /** Tags as the metadata shows them; `undefined`: it shows none. */
  tags: Record<string, string> | undefined;
}

export const OPTED_IN = { Name: 'web-1', 'self-healing:stack': 'fleet' };

export async function startKeptInstance(rootMebibytes?: number): Promise<KeptInstance> {
  const systemd = await startSystemd(rootMebibytes);
  const made: { tags: KeptInstance['tags'] } = { tags: OPTED_IN };
  const server = createServer(metadataService(async () => made.tags));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the metadata service has no port');
  const environment = { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${address.port}` };
  return Object.assign(made, {
    ...systemd,
    keep: (config: Config, must = 'no') =>
      systemd.run(keptScript({ stackName: 'fleet', ...config }), { ...environment, SSM_MustKeep: must }),
    close: async () => {
      await systemd.close();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

/** Takes what an agent's StatsD input would: what came, in its order. */
export async function startStatsd(): Promise<{
  readonly port: number;
  readonly came: string[];
  readonly close: () => Promise<void>;
}> {
  const came: string[] = [];
  const socket = createSocket('udp4').on('message', (datagram) => came.push(datagram.toString('latin1')));
  // a port that the configuration allows: below those that the kernel gives away
  const bind = (port: number): Promise<number> =>
    new Promise((resolve, reject) => {
      socket.once('error', reject).bind(port, '127.0.0.1', () => {
        socket.off('error', reject);
        resolve(port);
      });
    });
  const port = await bind(20_000 + (process.pid % 10_000));
  return { port, came, close: () => new Promise((resolve) => socket.close(resolve)) };
}
