import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import '../tools/require-node.mjs';

/**
 * The functions' bundles are what scenarios run and synth deploys: built once before all suites.
 * In a process of its own: jest's transforms would get between Node and the script.
 */
export default function setUp() {
  execFileSync(process.execPath, [join(import.meta.dirname, '../tools/bundle.ts')], { stdio: 'inherit' });
}
