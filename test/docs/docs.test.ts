import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_CONFIGURATION } from '../../lib/agent/agent-document.ts';
import { ESCALATE_REASONS, HOLD_REASONS, OUTCOMES, REMEDIATE_REASONS } from '../../lambdas/core/reasons.ts';
import { RUN_ENDS } from '../../lambdas/core/maintenance/tally.ts';
import { chores } from '../../remedies/chores.ts';
import { actSlices, slices } from '../../remedies/index.ts';
import { detecting } from '../../remedies/slice.ts';

const readRoot = (name: string) => readFileSync(join(import.meta.dirname, '../..', name), 'utf8');
const readDoc = (name: string) => readRoot(join('docs', name));
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

/** Rules of safety that the titles of tests name: `S5: ...`, `S15, S16: ...`. */
function rulesNamedByTests(): Set<string> {
  const tests = join(import.meta.dirname, '..');
  const titles = readdirSync(tests, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .flatMap((name) => readFileSync(join(tests, name), 'utf8').match(/['"`](S\d+, )*S\d+: /g) ?? []);
  return new Set(titles.flatMap((title) => title.match(/S\d+/g) ?? []));
}

test('docs/safety.md has a row for every rule that a test is named after, and for no other', () => {
  const rows = [...readDoc('safety.md').matchAll(/^\| (S\d+) \|/gm)].map((match) => match[1]);
  expect(new Set(rows)).toEqual(rulesNamedByTests());
});

describe.each(detecting([...slices, ...actSlices]))('the remedy $id', ({ id, symptom, detection }) => {
  const { metricName, threshold, datapointsToAlarm, evaluationPeriods, periodSeconds } = detection;

  test('stands in README.md under "What it heals" with what it is detected by', () => {
    const minutes = `${datapointsToAlarm} of ${(evaluationPeriods * periodSeconds) / 60} min`;
    expect(readRoot('README.md')).toContain(`\n| \`${symptom}\` | \`${metricName}\` ≥ ${threshold} in ${minutes} | [`);
    expect(readRoot('README.md')).toContain(`(remedies/${id}/README.md)`);
  });
});

test.each(actSlices)('the runbook of $id is linked from README.md', ({ id }) => {
  expect(readRoot('README.md')).toContain(`(remedies/${id}/README.md)`);
});

describe.each(slices)('the remedy $id', ({ id, detection: { threshold, unit } }) => {
  test('stands in docs/configuration.md with its threshold', () => {
    const [, section = ''] = configuration.split(`\n## Settings of \`${id}\`\n`);
    expect(section.split('\n## ', 1)[0]).toContain(`\n| \`Threshold${unit}\` | ${threshold} | `);
  });
});

describe.each(chores)('the chore $id', ({ id, everySeconds, intervalKey, parameters }) => {
  const spelled = everySeconds.toLocaleString('en');

  test('stands in README.md and docs/configuration.md with its period', () => {
    expect(readRoot('README.md')).toContain(`\n| [${id}](remedies/${id}/README.md) | ${spelled} s | `);
    expect(configuration).toContain(`\n| \`${intervalKey}\` | ${spelled} | `);
  });

  test.each(Object.entries(parameters))(
    'its setting %s stands in docs/configuration.md with its default',
    (name, { source }) => {
      const preset = source.from === 'setting' ? source.default : 'no setting';
      expect(configuration).toContain(`\n| \`${name}\` | ${preset} | \`${id}\` | `);
    },
  );
});

test('docs/workflow.md says of every end of a run why it comes', () => {
  const [, section = ''] = readDoc('workflow.md').split('\n| ended | because |\n');
  const [table = ''] = section.split('\n\n');
  expect([...table.matchAll(/`([a-z-]+)`/g)].map((match) => match[1])).toEqual(expect.arrayContaining([...RUN_ENDS]));
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

  test("shows the agent's configuration as it is put on instances", () => {
    const shown = /```json\n(.*?)```/s.exec(configuration)?.[1] ?? 'none is shown';
    expect(JSON.parse(shown)).toEqual(JSON.parse(AGENT_CONFIGURATION));
  });
});
