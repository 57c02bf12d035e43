import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SELF_TESTS } from '../../lambdas/requests/self-tests/index.ts';
import { FUNCTIONS, kebabCase } from '../../lambdas/core/names.ts';
import { SELF_ALARMS, selfAlarmNames } from '../../lambdas/core/self-alarm-names.ts';

const readDoc = (name: string) => readFileSync(join(import.meta.dirname, '../../docs', name), 'utf8');

test('every line of docs/proof.md has a self-test, and every self-test a line, in the same order', () => {
  const lines = readDoc('proof.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(1);
  const ids = lines.map((line) => /\| `([a-z-]+)` \|$/.exec(line)?.[1] ?? line);
  expect(ids).toEqual(SELF_TESTS.map(({ id }) => id));
});

describe('docs/operator-runbook.md', () => {
  const runbook = readDoc('operator-runbook.md');
  const ofAnyFunction: readonly string[] = [...SELF_ALARMS.everyFunction, ...SELF_ALARMS.durableFunction];
  /** The heading of an alarm: one page serves all functions that can have it. */
  const headingOf = (alarm: string): string => {
    const name = FUNCTIONS.map(kebabCase).find((one) => alarm.startsWith(`S-${one}-`));
    const kind = name === undefined ? '' : alarm.slice(`S-${name}-`.length);
    return ofAnyFunction.includes(kind) ? `<stack>-<function>-${kind}` : `<stack>${alarm.slice(1)}`;
  };

  test("has a page for each of the system's alarms, whose heading is the alarm's name, and no other", () => {
    const headings = [...runbook.matchAll(/^### `(.*)`$/gm)].map((match) => match[1] ?? '');
    expect(headings.toSorted()).toEqual([...new Set(selfAlarmNames('S').map(headingOf))].toSorted());
  });

  test.each(runbook.split(/^### /m).slice(1))(
    'says what it means, how to investigate and how to resolve: %#',
    (page) => {
      expect([...page.matchAll(/^\*\*(.*?)\*\*/gm)].map((match) => match[1])).toEqual([
        'Means.',
        'Investigate.',
        'Resolve.',
      ]);
    },
  );
});
