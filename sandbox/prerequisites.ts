import { missingMoto } from './gateway/moto.ts';
import { missingPrerequisites } from './instance/prerequisites.ts';

/** The sandbox cannot run here; the message says what is missing and how to get it. */
export class PrerequisiteError extends Error {
  override readonly name = 'PrerequisiteError';
}

/** Throws a PrerequisiteError where the machine lacks something. */
export async function requirePrerequisites(): Promise<void> {
  const moto = await missingMoto();
  const missing = [...missingPrerequisites(), ...(moto === undefined ? [] : [moto])];
  if (missing.length > 0) {
    throw new PrerequisiteError(
      `the sandbox cannot run here, it needs:\n${missing.map((one) => `  - ${one}`).join('\n')}`,
    );
  }
}
