import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { missingMoto, startMoto } from '../../../sandbox/gateway/moto.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'moto-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

test('says which command mends it where something is missing', async () => {
  const env = { PATH: folder };
  expect(await missingMoto(env)).toBe('setpriv is missing: apt-get install util-linux');
  symlinkSync('/usr/bin/setpriv', join(folder, 'setpriv'));
  expect(await missingMoto(env)).toBe(
    "python3 is missing: apt-get install python3 python3-pip, then python3 -m pip install 'moto[server]==5.2.1'",
  );
  writeFileSync(join(folder, 'python3'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  expect(await missingMoto(env)).toContain("moto is missing: python3 -m pip install 'moto[server]==5.2.1'");
  writeFileSync(join(folder, 'python3'), '#!/bin/sh\necho /usr/bin/python3; echo 4.1.0\n', { mode: 0o755 });
  expect(await missingMoto(env)).toBe(
    "moto 4.1.0 is too old, 5.2 or later is needed: python3 -m pip install 'moto[server]==5.2.1'",
  );
  expect(await missingMoto()).toBeUndefined();
});

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
