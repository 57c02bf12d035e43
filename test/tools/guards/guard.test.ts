import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type JestReport, missedBy, takenOut } from '../../../tools/guards/guard.ts';
import { GUARDS } from '../../../tools/guards/guards.ts';

const root = join(import.meta.dirname, '../../..');
const guard = { rule: 'S12', guard: 'g', file: 'f.sh', text: 'a && b', without: '$& b', test: 't' };
const report = (tests: Record<string, string>): JestReport => ({
  testResults: [{ assertionResults: Object.entries(tests).map(([fullName, status]) => ({ fullName, status })) }],
});

test('a guard is taken out by its text, to the letter', () => {
  expect(takenOut('if a && b; then', guard)).toBe('if $& b; then');
});

test.each(['', 'a && b; a && b'])('what is there not once proves nothing: %j', (source) => {
  expect(() => takenOut(source, guard)).toThrow(/^f\.sh: "a && b" \(g\) is there [02] times, must be once$/);
});

test('only a test of the rule that passed with the guard misses it', () => {
  const withGuard = report({ 'S12: one': 'passed', 'S12: ill': 'failed', 'S1: other': 'passed', 'S12: two': 'passed' });
  const without = report({ 'S12: one': 'failed', 'S12: ill': 'failed', 'S1: other': 'failed', 'S12: two': 'passed' });
  expect(missedBy('S12', withGuard, without)).toEqual(['S12: one']);
});

test('where no test ran nothing is proved', () => {
  expect(() => missedBy('S12', report({ 'S12: one': 'passed' }), report({}))).toThrow('no test ran at all');
});

test.each(GUARDS.map((one) => [one.rule, one.guard, one] as const))('%s %s is where the list says', (_, __, one) => {
  expect(() => takenOut(readFileSync(join(root, one.file), 'utf8'), one)).not.toThrow();
  expect(readFileSync(join(root, one.test), 'utf8')).toMatch(new RegExp(`['"\`(]${one.rule}\\b|, ${one.rule}\\b`));
});
