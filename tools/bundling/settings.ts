import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { ownSourceMaps } from './own-source-maps.ts';
import { sdkFiles } from './sdk-files.ts';

const root = join(import.meta.dirname, '../..');

/** How every bundle is built; where from and where to is the caller's. */
export const BUNDLE_SETTINGS = {
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
  plugins: [sdkFiles, ownSourceMaps],
  logLevel: 'warning',
  metafile: true,
  absWorkingDir: root,
  outExtension: { '.js': '.mjs' },
} as const satisfies BuildOptions;
