/** One guard, how it is taken out, and the test that must fail without it. */
export interface Guard {
  /** Of docs/safety.md; the failing test's name begins with it. */
  readonly rule: string;
  readonly guard: string;
  readonly file: string;
  /** Text of the file, there exactly once, and what takes its place. */
  readonly text: string;
  readonly without: string;
  /** The test file. */
  readonly test: string;
}

/** The source without the guard; throws where its text is not there exactly once, for then nothing would be proved. */
export function takenOut(source: string, { file, guard, text, without }: Guard): string {
  const times = source.split(text).length - 1;
  if (times !== 1) throw new Error(`${file}: "${text}" (${guard}) is there ${times} times, must be once`);
  return source.replace(text, () => without);
}

/** Names of a rule's tests that pass with the guard and fail without it; throws where the tests did not run at all. */
export function missedBy(rule: string, withGuard: JestReport, without: JestReport): string[] {
  const passed = namesOf(withGuard, 'passed');
  return namesOf(without, 'failed').filter((name) => passed.includes(name) && new RegExp(`\\b${rule}\\b`).test(name));
}

function namesOf({ testResults }: JestReport, wanted: string): string[] {
  const ran = testResults.flatMap(({ assertionResults }) => assertionResults);
  if (ran.length === 0) throw new Error('no test ran at all');
  return ran.filter(({ status }) => status === wanted).map(({ fullName }) => fullName);
}

/** What is read of jest's `--json`. */
export interface JestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
