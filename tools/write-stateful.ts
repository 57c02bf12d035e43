import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLES } from '../lib/function-code.ts';
import { synthesize } from '../sandbox/stack/template.ts';
import { statefulResources } from './stateful-resources.ts';

/** Writes down which stateful resources the template has: on purpose, when one is added, or is to be replaced. */
const folder = mkdtempSync(join(tmpdir(), 'self-healing-stateful-'));
const { template } = synthesize({}, BUNDLES, folder);
rmSync(folder, { recursive: true });
const path = join(import.meta.dirname, '../test/fixtures/stateful-resources.json');
const resources = statefulResources(template.Resources);
writeFileSync(path, `${JSON.stringify(resources, undefined, 2)}\n`);
console.log(`${Object.keys(resources).length} stateful resources written to ${path}`);
