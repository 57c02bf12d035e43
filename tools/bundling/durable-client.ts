const CLIENT = '@aws-sdk/client-lambda';
const DYNAMIC_IMPORT = `import('${CLIENT}')`;

/** An SDK's source is not as these lines know it: after an update they must be mended. */
export class UnknownSourceError extends Error {
  override readonly name = 'UnknownSourceError';
}

/**
 * The durable SDK loads its Lambda client by a dynamic import, which takes the whole client into a bundle, all its commands
 * included. With a static import of what it names, all else is shaken off.
 */
export function withStaticClient(source: string): string {
  const parts = source.split(DYNAMIC_IMPORT);
  const names = new Set([...source.matchAll(/\bnew module\.([A-Z]\w+)\(/g)].map(([, name = '']) => name));
  if (parts.length !== 2 || names.size === 0) {
    throw new UnknownSourceError(
      `the durable SDK has ${parts.length - 1} of ${DYNAMIC_IMPORT} and ${names.size} of "new module.…(", expected are 1 and some`,
    );
  }
  const list = [...names].toSorted().join(', ');
  return `import { ${list} } from '${CLIENT}';\n${parts.join(`Promise.resolve({ ${list} })`)}`;
}
