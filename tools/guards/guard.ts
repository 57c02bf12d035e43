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

/** Names of the failed tests of a rule, from jest's report; throws where the tests did not run at all. */
export function failedTestsOf(rule: string, report: JestReport): string[] {
  const ran = report.testResults.flatMap(({ assertionResults }) => assertionResults);
  if (ran.length === 0) throw new Error('no test ran: the file does not compile without its guard');
  return ran
    .filter(({ status, fullName }) => status === 'failed' && new RegExp(`\\b${rule}\\b`).test(fullName))
    .map(({ fullName }) => fullName);
}

/** What is read of jest's `--json`. */
export interface JestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly status: string; readonly fullName: string }[];
  }[];
}
