import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What the AWS emulator is installed as. */
export const MOTO = 'moto[server]==5.2.1';
export const INSTALL_MOTO = `python3 -m pip install '${MOTO}'`;

/** Fails unless a Python has moto, new enough; prints the path of the interpreter itself, not of a shim on the PATH. */
export const PROBE =
  'import sys, importlib.metadata as m, moto.server; assert [int(part) for part in m.version("moto").split(".")[:2]] >= [5, 2]; print(sys.executable)';

/** Where a Python is looked for, and made. */
export interface PythonPlaces {
  readonly environment: NodeJS.ProcessEnv;
  /** The environment that the sandbox makes where `python3` lacks moto; kept between starts. */
  readonly ownFolder: string;
}

export const PYTHON_PLACES: PythonPlaces = {
  environment: process.env,
  ownFolder: join(import.meta.dirname, '../../.sandbox-python'),
};

/** A Python with moto: the sandbox's own, else the `python3` of the PATH; `undefined` where neither has it. */
export async function findPython(places = PYTHON_PLACES): Promise<string | undefined> {
  return (
    (await probe(join(places.ownFolder, 'bin/python3'), places.environment)) ??
    (await probe('python3', places.environment))
  );
}

async function probe(python: string, env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)(python, ['-c', PROBE], { env });
    return stdout.trim();
  } catch {
    return undefined; // it is not there, or has no moto: what to do is the same
  }
}
