import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { FUNCTIONS, kebabCase } from '../../../lambdas/core/names.ts';
import { BUNDLE_SETTINGS } from '../../bundling/settings.ts';
import { baselineSource } from './baseline-source.ts';
import { FIRST_INVOCATIONS } from './first-invocations.ts';
import { isDurable, sdkNamesOf } from './sdk-names.ts';

/** Builds each function's baseline to `<folder>/<function>/index.mjs`, by the same settings as the function's own bundle. */
export async function buildBaselines(ours: Metafile, folder: string): Promise<void> {
  await Promise.all(
    FUNCTIONS.map(async (key) => {
      const bundle = outputOf(ours, `lambdas/handlers/${kebabCase(key)}.ts`);
      await build({
        ...BUNDLE_SETTINGS,
        stdin: {
          contents: baselineSource(sdkNamesOf(bundle), isDurable(bundle), FIRST_INVOCATIONS[key].firstCall),
          resolveDir: BUNDLE_SETTINGS.absWorkingDir,
        },
        outfile: join(folder, kebabCase(key), 'index.mjs'),
      });
    }),
  );
}

function outputOf({ outputs }: Metafile, entryPoint: string): Metafile['outputs'][string] {
  const found = Object.values(outputs).find((output) => output.entryPoint === entryPoint);
  if (found === undefined) throw new Error(`no bundle was made of ${entryPoint}`);
  return found;
}
