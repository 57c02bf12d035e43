import { createServer, type Server } from 'node:http';
import { metadataService } from '../../sandbox/metadata-service.ts';

describe("the metadata service's own tags", () => {
  let shown: Record<string, string> | undefined = { Name: 'web', 'self-healing:stack': 'fleet' };
  let server: Server;
  let endpoint: string;
  beforeAll(async () => {
    server = createServer(metadataService(async () => shown));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    endpoint = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/latest`;
  });
  afterAll(() => server.close());

  const ask = async (path: string, init?: RequestInit): Promise<string> => {
    const answer = await fetch(`${endpoint}${path}`, init);
    return `${answer.status} ${await answer.text()}`;
  };
  const token = async (): Promise<string> => {
    const headers = { 'X-aws-ec2-metadata-token-ttl-seconds': '60' };
    return (await ask('/api/token', { method: 'PUT', headers })).replace('200 ', '');
  };
  const get = async (path: string) => ask(path, { headers: { 'X-aws-ec2-metadata-token': await token() } });

  test('are listed, and told one by one', async () => {
    expect(await get('/meta-data/tags/instance')).toBe('200 Name\nself-healing:stack');
    expect(await get('/meta-data/tags/instance/self-healing:stack')).toBe('200 fleet');
    expect(await get('/meta-data/tags/instance/other')).toBe('404 Not Found');
    expect(await get('/meta-data/hostname')).toBe('404 Not Found');
  });

  test('are not there where the instance does not show them', async () => {
    const before = shown;
    shown = undefined;
    expect(await get('/meta-data/tags/instance')).toBe('404 Not Found');
    expect(await get('/meta-data/tags/instance/Name')).toBe('404 Not Found');
    shown = before;
  });

  test('are told to nobody without a token of this service', async () => {
    expect(await ask('/meta-data/tags/instance')).toBe('401 Unauthorized');
    const headers = { 'X-aws-ec2-metadata-token': 'made-up' };
    expect(await ask('/meta-data/tags/instance', { headers })).toBe('401 Unauthorized');
    expect(await ask('/api/token', { method: 'PUT' })).toBe('400 Bad Request');
  });
});
