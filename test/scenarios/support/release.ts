import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../../lib/config/config.ts';
import type { Synthesized } from '../../../sandbox/stack/template.ts';

const ROOT = join(import.meta.dirname, '../../..');
const PARTS = ['lambdas', 'lib', 'remedies', 'sandbox', 'tools', 'package.json'];

/** What is another in a release: in a file, a text that must be there and the one that takes its place. */
export interface Edit {
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
}

/**
 * Another release of the project, bundled and synthesized from its own tree in a process of its own, as `cdk deploy` would
 * do it; `folder` is made, and must stay as long as a version of it does.
 */
export function release(folder: string, config: Config, edits: readonly Edit[] = []): Synthesized {
  const tree = join(folder, 'tree');
  mkdirSync(tree, { recursive: true });
  for (const part of PARTS) cpSync(join(ROOT, part), join(tree, part), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(tree, 'node_modules'));
  for (const { file, text, becomes } of edits) {
    const before = readFileSync(join(tree, file), 'utf8');
    if (!before.includes(text)) throw new Error(`${file} does not hold ${JSON.stringify(text)}`);
    writeFileSync(join(tree, file), before.replaceAll(text, becomes));
  }
  const synthesized = execFileSync(
    process.execPath,
    ['--input-type=module', '-e', BUILD, folder, JSON.stringify(config)],
    {
      cwd: tree,
      encoding: 'utf8',
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  return JSON.parse(synthesized);
}

const BUILD = `
import { join } from 'node:path';
import { bundleFunctions } from './tools/bundle-functions.ts';
import { synthesize } from './sandbox/stack/template.ts';
const [folder, config] = process.argv.slice(1);
await bundleFunctions(join(folder, 'bundles'));
process.stdout.write(JSON.stringify(synthesize(JSON.parse(config), join(folder, 'bundles'), join(folder, 'cdk.out'))));
`;
