import { createServer } from 'node:http';
import { metadataService } from '../../../sandbox/metadata-service.ts';

/** An instance's metadata service that tells it these tags. */
export async function metadataServer(
  tags: Readonly<Record<string, string>>,
): Promise<{ readonly endpoint: string; readonly close: () => Promise<void> }> {
  const server = createServer(metadataService(async () => tags));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the metadata service has no port');
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
    });
  return { endpoint: `http://127.0.0.1:${address.port}`, close };
}
