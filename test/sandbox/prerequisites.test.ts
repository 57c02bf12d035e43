import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PrerequisiteError, requireEmptied, requirePort } from '../../sandbox/prerequisites.ts';

const MAIN = join(import.meta.dirname, '../../sandbox/main.ts');

/** A port of the loopback interface that something listens on. */
async function takenPort(): Promise<{ port: number; release: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('a server without a port');
  return { port: address.port, release: () => server.close() };
}

test('a second start on a port that is taken says so in a sentence, and leaves the first one’s folder alone', async () => {
  const parent = mkdtempSync(join(tmpdir(), 'prerequisites-'));
  const { port, release } = await takenPort();
  try {
    mkdirSync(join(parent, '.sandbox'));
    writeFileSync(join(parent, '.sandbox/outputs.json'), '{}');
    const env = { ...process.env, SANDBOX_IN: parent };
    const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, '--port', `${port}`], {
      env,
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toBe(
      `the sandbox cannot run here, it needs:\n  - port ${port}, which is taken, perhaps by a sandbox that still runs (listen EADDRINUSE: address already in use 127.0.0.1:${port}): --port 0 takes any free one, SANDBOX_IN=<folder> a folder of its own\n`,
    );
    expect(readFileSync(join(parent, '.sandbox/outputs.json'), 'utf8')).toBe('{}');
  } finally {
    release();
    rmSync(parent, { recursive: true });
  }
});

test('a port that is free is free again after it was asked for', async () => {
  const { port, release } = await takenPort();
  release();
  await requirePort(port);
  await requirePort(port);
});

test('a folder that it may not empty is told, with the command that helps', () => {
  // Root, too, may not remove this one.
  const refused = () => requireEmptied('/proc/version');
  expect(refused).toThrow(PrerequisiteError);
  expect(refused).toThrow(/a folder that it may empty: .*\/proc\/version.* sudo rm -r \/proc\/version$/);
});
