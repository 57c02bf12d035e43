import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESCALATE_REASONS, HOLD_REASONS, OUTCOMES, REMEDIATE_REASONS } from '../../lambdas/core/reasons.ts';
import { slices } from '../../remedies/index.ts';

const readDoc = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');
const reasons = readDoc('reasons.md');
const configuration = readDoc('configuration.md');

describe('docs/reasons.md', () => {
  const words = [...REMEDIATE_REASONS, ...HOLD_REASONS, ...ESCALATE_REASONS, ...OUTCOMES];

  test('has a heading for every reason and outcome, in their order, and for nothing else', () => {
    const headings = [...reasons.matchAll(/^### (.*)$/gm)].map((match) => match[1]);
    expect(headings).toEqual(words);
  });

  test.each(words)('says of %s what it means, what you see and what to do', (word) => {
    const [, section = ''] = reasons.split(`\n### ${word}\n`);
    const [text = ''] = section.split(/^##/m);
    expect([...text.matchAll(/^\*\*(.*?)\*\*/gm)].map((match) => match[1])).toEqual(['Means', 'You see', 'Do']);
  });
});

describe('docs/configuration.md', () => {
  const settings = slices.flatMap(({ id, parameters }) =>
    Object.entries(parameters).flatMap(([name, { source }]) =>
      source.from === 'setting' ? [[id, name, source.default] as const] : [],
    ),
  );

  test.each(settings)('names the setting of %s %s with its default "%s"', (id, name, preset) => {
    const [, section = ''] = configuration.split(`\n## Settings of \`${id}\`\n`);
    const [table = ''] = section.split(/^## /m);
    const shown = preset === '' ? 'none' : preset;
    const row = table.split('\n').find((line) => line.startsWith(`| \`${name}\` |`)) ?? 'no such row';
    expect(row.replaceAll('`', '')).toContain(`| ${name} | ${shown} |`);
  });
});
