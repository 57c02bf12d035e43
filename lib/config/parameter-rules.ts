import { SYSTEM_PARAMETERS } from '../../lambdas/core/script-parameters.ts';
import type { Parameter } from '../../remedies/slice.ts';
import { MOST_REPEATS, nestedRepeats } from './nested-repeats.ts';

/** S14: whatever a shell could take for more than a word. */
const HOSTILE = ['a b', 'a;b', 'a|b', 'a&b', 'a>b', '$(id)', '`id`', "a'b", 'a"b', 'a\\b', 'a\nb', '{{ x }}', '-rf'];

/** What is wrong with a parameter of a slice: its pattern is held against what the slice says that it accepts and rejects. */
export function parameterProblems(name: string, { pattern, accepts, rejects, source }: Parameter): string[] {
  if (name in SYSTEM_PARAMETERS) return ["is one of the system's own; give it another name"];
  if (!/^[A-Z][A-Za-z0-9]*$/.test(name)) return ['must be named by an upper-case letter, then letters and digits'];
  if (!/^\^.*\$$/.test(pattern) || !isRegularExpression(pattern)) {
    return [`has the pattern ${pattern}; allowed is a regular expression for the whole value, from ^ to $`];
  }
  if (nestedRepeats(pattern) > MOST_REPEATS) {
    return [`repeats repeats ${nestedRepeats(pattern)} times; agents take ${MOST_REPEATS}: * and + are not counted`];
  }
  const matches = (value: string): boolean => new RegExp(pattern).test(value);
  const preset = source.from === 'setting' ? [source.default] : [];
  const refuses = (value: string): boolean => !matches(value);
  return [
    ...accepts.filter(refuses).map((value) => `should accept ${JSON.stringify(value)}`),
    ...rejects.filter(matches).map((value) => `should reject ${JSON.stringify(value)}`),
    ...preset.filter(refuses).map((value) => `should accept its default ${JSON.stringify(value)}`),
    ...HOSTILE.filter(matches).map((value) => `must reject ${JSON.stringify(value)} (S14)`),
  ].map((problem) => `${problem}; its pattern ${pattern} does not`);
}

function isRegularExpression(pattern: string): boolean {
  try {
    return new RegExp(pattern) instanceof RegExp;
  } catch {
    return false;
  }
}
