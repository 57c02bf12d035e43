import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { BUNDLES } from '../lib/function-code.ts';
import { FUNCTIONS, kebabCase } from '../lambdas/core/names.ts';

const root = join(import.meta.dirname, '..');

/** The SDK's schema files index by constants, which no bundler can shake; with the keys written out it can. */
const pureSchemas: Plugin = {
  name: 'pure-schemas',
  setup(builder) {
    builder.onLoad({ filter: /@aws-sdk[\\/].*dist-es[\\/].*schemas_\d+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const constants = new Map(
        [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
      );
      const contents = source.replace(/\[(_\w+)\]:/g, (whole, name: string) => {
        const text = constants.get(name);
        return text === undefined ? whole : `${text}:`;
      });
      return { contents, loader: 'js' };
    });
  },
};

/** Bundles every handler to `<folder>/<function>/index.mjs`; the folder is made anew. */
export async function bundleFunctions(folder = BUNDLES): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await Promise.all(
    FUNCTIONS.map((key) =>
      build({
        entryPoints: [join(root, 'lambdas/handlers', `${kebabCase(key)}.ts`)],
        outfile: join(folder, kebabCase(key), 'index.mjs'),
        bundle: true,
        minify: true,
        sourcemap: 'linked',
        sourcesContent: false,
        platform: 'node',
        target: 'node24',
        format: 'esm',
        mainFields: ['module', 'main'],
        banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
        alias: { '@aws-sdk/credential-provider-node': join(root, 'lambdas/aws/environment-credentials.ts') },
        plugins: [pureSchemas],
        logLevel: 'warning',
      }),
    ),
  );
}
