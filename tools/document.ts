import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BUNDLES } from '../lib/function-code.ts';
import { synthesize } from '../sandbox/stack/template.ts';
import config from '../self-healing.config.ts';
import { permissionsPage } from './permissions-page.ts';

// the pages of docs/ that are made from the template
const folder = mkdtempSync(join(tmpdir(), 'self-healing-docs-'));
try {
  const { template } = synthesize(config, BUNDLES, folder);
  writeFileSync(join(import.meta.dirname, '../docs/permissions.md'), await permissionsPage(template));
} finally {
  rmSync(folder, { recursive: true });
}
