import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePackage } from '../../tools/make-package.ts';

const ROOT = join(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'somebodys-project-'));
const project = join(folder, 'project');
const installed = join(project, 'node_modules/self-healing-ec2');

// packing and synthesis take their time on a machine that is busy
jest.setTimeout(180_000);

/** Runs a program in somebody's project, and gives back what it printed; throws with what it said where it fails. */
function run(program: string, ...args: string[]): string {
  try {
    return execFileSync(program, args, { cwd: project, encoding: 'utf8' });
  } catch (error) {
    throw new Error(`${program} ${args.join(' ')} failed: ${String(Object(error).stdout)}`, { cause: error });
  }
}

/** Packs a folder as npm would publish it; gives back the tarball's path. */
function pack(path: string): string {
  const [{ filename }] = JSON.parse(
    run('npm', 'pack', path, '--ignore-scripts', '--json', '--pack-destination', folder),
  );
  return join(folder, filename);
}

/** Somebody's app in JavaScript, and the same in the project itself: only where the constructs come from differs. */
const appOf = (constructs: string) => `
import { App } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { defineConfig, SelfHealingStack } from '${constructs}';
import staleLocks from './stale-locks.js';

const config = defineConfig({
  stackName: 'shop',
  mode: 'act',
  ownRemedies: { folder: import.meta.dirname + '/remedies', slices: [staleLocks] },
});
new SelfHealingStack(new App({ context: flags, outdir: process.argv[2] }), 'Shop', { config }).node.root.synth();
`;

beforeAll(() => {
  const packed = join(folder, 'package');
  makePackage(packed);
  mkdirSync(project);
  cpSync(join(ROOT, 'examples/orders/remedies'), join(project, 'remedies'), { recursive: true });
  writeFileSync(join(project, 'package.json'), '{ "name": "shop", "private": true, "type": "module" }\n');
  // zod as it is here, and the CDK linked: nothing is fetched, whatever the cache holds
  run(
    'npm',
    'install',
    '--offline',
    '--legacy-peer-deps',
    '--no-save',
    pack(packed),
    pack(join(ROOT, 'node_modules/zod')),
  );
  for (const name of ['aws-cdk-lib', 'constructs']) {
    symlinkSync(join(ROOT, 'node_modules', name), join(project, 'node_modules', name));
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

test('it holds JavaScript, types, scripts, runbooks and bundles, and no TypeScript, which Node refuses in node_modules', () => {
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.filter((path) => /(?<!\.d)\.ts$/.test(path))).toEqual([]);
  expect(readdirSync(installed).toSorted()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist',
    'lambdas',
    'lib',
    'package.json',
    'remedies',
  ]);
  expect(files).toEqual(
    expect.arrayContaining([
      'lib/index.js',
      'lib/index.d.ts',
      'remedies/preamble.sh',
      'remedies/disk-full/repair.sh',
      'remedies/disk-full/README.md',
      'dist/run-command/index.mjs',
    ]),
  );
});

test('it asks for the CDK of its user and for nothing that it does not need', () => {
  const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  expect(manifest).toMatchObject({
    name: 'self-healing-ec2',
    version: root.version,
    license: 'Apache-2.0',
    dependencies: { zod: root.dependencies.zod },
    peerDependencies: {
      'aws-cdk-lib': `^${root.devDependencies['aws-cdk-lib']}`,
      constructs: `^${root.devDependencies.constructs}`,
    },
  });
  for (const key of ['private', 'devDependencies', 'optionalDependencies', 'scripts'])
    expect(manifest).not.toHaveProperty(key);
  const imported = readdirSync(installed, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.js'))
    .flatMap((path) => [
      ...readFileSync(join(installed, path), 'utf8').matchAll(/^(?:import|export) .*from '([^.'].*?)';/gm),
    ])
    .map(([, name = '']) => name.split('/')[0] ?? '');
  expect([...new Set(imported)].toSorted()).toEqual([
    'aws-cdk-lib',
    'constructs',
    'node:crypto',
    'node:fs',
    'node:path',
    'zod',
  ]);
});

test("an app that installed it synthesizes the very template that the project's own sources do, own remedy and assets included", () => {
  const remedy = readFileSync(join(project, 'remedies/stale-locks/remedy.ts'), 'utf8');
  writeFileSync(join(project, 'stale-locks.js'), remedy.replace(/^import type .*$/m, '').replace(': Slice', ''));
  writeFileSync(join(project, 'app.js'), appOf('self-healing-ec2'));
  writeFileSync(join(project, 'app-of-sources.js'), appOf(join(ROOT, 'lib/index.ts')));
  run(process.execPath, 'app.js', join(folder, 'out'));
  run(process.execPath, 'app-of-sources.js', join(folder, 'out-of-sources'));
  const template = (out: string) => JSON.parse(readFileSync(join(folder, out, 'Shop.template.json'), 'utf8'));
  expect(template('out')).toEqual(template('out-of-sources'));
  expect(JSON.stringify(template('out'))).toContain('shop-stale-locks-repair-');
  expect(
    readdirSync(join(folder, 'out'))
      .filter((name) => name.startsWith('asset.'))
      .toSorted(),
  ).toEqual(
    readdirSync(join(folder, 'out-of-sources'))
      .filter((name) => name.startsWith('asset.'))
      .toSorted(),
  );
});

test('its types say what is allowed, to a project in TypeScript', () => {
  writeFileSync(
    join(project, 'typed.ts'),
    `import { App } from 'aws-cdk-lib';
import { type Config, OPT_IN_TAG, SelfHealing, SelfHealingStack, type Slice, defineConfig } from 'self-healing-ec2';
import staleLocks from './remedies/stale-locks/remedy.ts';

const slice: Slice = staleLocks;
const config: Config = defineConfig({ mode: 'observe', ownRemedies: { folder: '/remedies', slices: [slice] } });
const stack = new SelfHealingStack(new App(), 'Shop', { config });
const tag: 'self-healing:stack' = OPT_IN_TAG;
const name: string = new SelfHealing(stack, 'Other', { config }).name;
// @ts-expect-error: no such mode
defineConfig({ mode: 'dry-run' });
// @ts-expect-error: no such key
defineConfig({ modes: 'act' });
// @ts-expect-error: a slice is more than its id
defineConfig({ ownRemedies: { folder: '/remedies', slices: [{ id: 'mine' }] } });
// @ts-expect-error: a stack needs its configuration
new SelfHealingStack(new App(), 'Shop', {});
export const used = [tag, name];
`,
  );
  const options = {
    module: 'nodenext',
    target: 'es2023',
    // the CDK's own types want Disposable
    lib: ['es2023', 'esnext.disposable'],
    strict: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    types: [],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['typed.ts'] }));
  expect(run(process.execPath, join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project)).toBe('');
});
