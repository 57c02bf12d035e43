import { rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { makePython } from './gateway/make-python.ts';
import { findPython, MOTO, PYTHON_PLACES } from './gateway/python.ts';
import { missingPrerequisites } from './instance/prerequisites.ts';

/** The sandbox cannot run here; the message says what is missing and how to get it. */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError';
  constructor(missing: readonly string[], options?: ErrorOptions) {
    super(`the sandbox cannot run here, it needs:\n${missing.map((one) => `  - ${one}`).join('\n')}`, options);
  }
}

/** Throws a PrerequisiteError where the machine cannot run instances. */
export function requireMachine(): void {
  const missing = missingPrerequisites();
  if (missing.length > 0) throw new PrerequisiteError(missing);
}

/** Makes a Python with moto where there is none, and tells so; throws a PrerequisiteError where it cannot. */
export async function requirePython(print: (line: string) => void): Promise<void> {
  if ((await findPython()) !== undefined) return;
  print(`python3 has no ${MOTO}: making a virtual environment with it in ${PYTHON_PLACES.ownFolder} (once; a minute)`);
  const missing = await makePython();
  if (missing !== undefined) throw new PrerequisiteError([missing]);
}

/** Throws a PrerequisiteError where the port is taken; asked before the folder is emptied, which may be the taker's. */
export async function requirePort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PrerequisiteError(
      [
        `port ${port}, which is taken, perhaps by a sandbox that still runs (${why}): --port 0 takes any free one, SANDBOX_IN=<folder> a folder of its own`,
      ],
      { cause },
    );
  }
  await new Promise((resolve) => server.close(resolve));
}

/** Removes what an earlier run left; throws a PrerequisiteError where it may not. */
export function requireEmptied(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new PrerequisiteError(
      [`a folder that it may empty: ${why}. After a start as another user, by sudo for example: sudo rm -r ${folder}`],
      { cause },
    );
  }
}
