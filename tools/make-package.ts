import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BUNDLES } from '../lib/function-code.ts';

const root = join(import.meta.dirname, '..');

/** What a package.json of this project is read for. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

/** What goes into the package as it lies in the project, by glob: whatever the constructs read that is no TypeScript. */
const COPIED = ['{lib,remedies}/**/*.*', 'LICENSE', 'README.md', 'CHANGELOG.md'];

/**
 * Makes the folder that `npm pack` packs, anew: the constructs as JavaScript with their types, since Node runs no TypeScript that
 * lies in node_modules, and what they read, in the same places as here: scripts, runbooks and the functions' bundles. Those are
 * copied, not built again, so that the same code has the same asset hash in everybody's stack.
 */
export function makePackage(folder: string): void {
  if (!existsSync(BUNDLES)) throw new Error(`no bundles at ${BUNDLES}: run "npm run build" first`);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync(
    process.execPath,
    [join(root, 'node_modules/typescript/bin/tsc'), '-p', join(root, 'tsconfig.package.json'), '--outDir', folder],
    { cwd: root, stdio: 'inherit' },
  );
  for (const path of globSync(COPIED, { cwd: root, exclude: ['**/*.ts'] })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    cpSync(join(root, path), join(folder, path));
  }
  cpSync(BUNDLES, join(folder, 'dist'), { recursive: true });
  const manifest: Manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(packedManifest(manifest), undefined, 2)}\n`);
}

/** Of what the project uses the constructs need two as their users have them, and zod; the functions' bundles hold their own. */
function packedManifest({ name, version, description, license, dependencies, devDependencies }: Manifest): object {
  const { 'aws-cdk-lib': cdk, constructs } = devDependencies;
  return {
    name,
    version,
    description,
    license,
    type: 'module',
    engines: { node: '>=20.11' },
    exports: { '.': { types: './lib/index.d.ts', default: './lib/index.js' } },
    files: ['lib', 'lambdas', 'remedies', 'dist', 'CHANGELOG.md'],
    dependencies: { zod: dependencies['zod'] },
    peerDependencies: { 'aws-cdk-lib': `^${cdk}`, constructs: `^${constructs}` },
  };
}
