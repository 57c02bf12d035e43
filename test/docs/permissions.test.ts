import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import config from '../../self-healing.config.ts';
import { permissionsPage } from '../../tools/permissions-page.ts';
import { synthesized } from '../lib/synthesized.ts';

const page = readFileSync(join(import.meta.dirname, '../../docs/permissions.md'), 'utf8');
const rows = page.split('\n').filter((line) => /^\| (changes|denies|reads) \|/.test(line));

test('the page is what the template says; if not, run "npm run docs"', async () => {
  expect(page).toBe(await permissionsPage(synthesized(config)));
});

test('what changes something names what it changes, or has a condition', () => {
  const changing = rows.filter((line) => line.startsWith('| changes |')).map((line) => line.split(' | '));
  expect(changing.length).toBeGreaterThan(25);
  for (const [, actions = '', on = '', only = ''] of changing) {
    const wide = on.split('<br>').filter((resource) => resource.includes('*'));
    if (wide.length === 0) continue;
    // a durable function's executions have ARNs of their own below its versions
    const itsOwn =
      actions.includes('lambda:CheckpointDurableExecution') && /function:self-healing-[a-z-]+:\*`$/.test(on);
    const optedIn = /`StringEquals (ssm:r|aws:R)esourceTag\/self-healing:stack: self-healing`/.test(only);
    expect([on, itsOwn || optedIn]).toEqual([on, true]);
  }
});
