import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startMoto } from '../../../sandbox/gateway/moto.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moto-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('answers when it has started, and no more when it has stopped', async () => {
  const moto = await startMoto({ folder });
  expect((await fetch(`${moto.endpoint}/moto-api/`)).status).toBe(200);
  await moto.stop();
  await expect(fetch(`${moto.endpoint}/moto-api/`)).rejects.toThrow('fetch failed');
});

test('dies with the process that started it, even one that was killed', async () => {
  const program = `
    import { startMoto } from ${JSON.stringify(join(import.meta.dirname, '../../../sandbox/gateway/moto.ts'))};
    console.log((await startMoto({ folder: ${JSON.stringify(folder)} })).endpoint);
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const endpoint = await new Promise<string>((resolve) => parent.stdout.once('data', (data) => resolve(String(data))));
  const socket = await connected(new URL(endpoint.trim()));
  const closed = new Promise<string>((resolve) => socket.once('close', () => resolve('closed')));
  parent.kill('SIGKILL');
  expect(await closed).toBe('closed');
});

function connected({ hostname, port }: URL): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => resolve(socket));
    socket.once('error', reject);
  });
}
