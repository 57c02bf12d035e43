import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { BUNDLES } from '../lib/function-code.ts';
import { FUNCTIONS, kebabCase } from '../lambdas/core/names.ts';
import { BUNDLE_SETTINGS } from './bundling/settings.ts';

const root = join(import.meta.dirname, '..');

/** Bundles every handler to `<folder>/<function>/index.mjs`; the folder is made anew. Answers what each bundle is made of. */
export async function bundleFunctions(folder = BUNDLES): Promise<Metafile> {
  await rm(folder, { recursive: true, force: true });
  const { metafile } = await build({
    ...BUNDLE_SETTINGS,
    entryPoints: FUNCTIONS.map(kebabCase).map((name) => ({
      in: join(root, 'lambdas/handlers', `${name}.ts`),
      out: join(name, 'index'),
    })),
    outdir: folder,
  });
  return metafile;
}
